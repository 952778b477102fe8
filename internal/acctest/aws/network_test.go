package aws_test

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestNetwork_IsOneOfTwoZonesThatIsNotLeft(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	vpc, ids := d.Network(t)

	if again, same := d.Network(t); again != vpc || !slices.Equal(same, ids) || len(ids) != 2 {
		t.Fatalf("asked again: %s with %q, want %s with two of %q", again, same, vpc, ids)
	}

	client := ec2.NewFromConfig(once(d))
	seen := must[*ec2.DescribeSubnetsOutput](t)(client.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{SubnetIds: ids})).Subnets

	if len(seen) != 2 || *seen[0].VpcId != vpc || *seen[1].VpcId != vpc || *seen[0].AvailabilityZone == *seen[1].AvailabilityZone || *seen[0].OwnerId != d.Account {
		t.Errorf("subnets are %+v", seen)
	}

	if n := d.Count("ec2:Create*"); n != 0 {
		t.Errorf("%d calls were counted, want none", n)
	}

	if left := d.Left(t, aws.Region); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}

	other := must[*ec2.CreateVpcOutput](t)(client.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: sdk.String("10.8.0.0/16")}))
	if left := d.Left(t, aws.Region); !slices.Equal(left, []string{"network " + *other.Vpc.VpcId}) {
		t.Errorf("left over: %q, want the VPC that the test has made", left)
	}
}
