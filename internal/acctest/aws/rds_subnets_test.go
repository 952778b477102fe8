package aws_test

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// subnetsOf are the IDs in a group, sorted.
func subnetsOf(group *types.DBSubnetGroup) []string {
	var ids []string
	for _, subnet := range group.Subnets {
		ids = append(ids, *subnet.SubnetIdentifier)
	}

	slices.Sort(ids)

	return ids
}

func TestRDS_RefusesSubnetGroupsThatExistOrHaveOneZone(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client := rds.NewFromConfig(once(d))
	_, ids := d.Network(t)
	create := func(name string, subnets ...string) error {
		_, err := client.CreateDBSubnetGroup(t.Context(), &rds.CreateDBSubnetGroupInput{
			DBSubnetGroupName: &name, DBSubnetGroupDescription: sdk.String("for tests"), SubnetIds: subnets,
		})

		return err
	}

	wantCode(t, create("main", ids[0]), "DBSubnetGroupDoesNotCoverEnoughAZs")
	wantCode(t, create("main", ids...), "")
	wantCode(t, create("main", ids...), "DBSubnetGroupAlreadyExists")
	wantCode(t, create("Main", ids...), "DBSubnetGroupAlreadyExists")
	wantCode(t, create("other", ids...), "")

	if err := create("third", "subnet-0123456789abcdef0", ids[0]); err == nil {
		t.Error("took a subnet that does not exist")
	}
}

func TestRDS_KeepsASubnetGroupThatChanges(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, ctx, name := rds.NewFromConfig(once(d)), t.Context(), sdk.String("main")
	vpc, ids := d.Network(t)
	subnet := must[*ec2.CreateSubnetOutput](t)(ec2.NewFromConfig(d.Config(aws.Region)).CreateSubnet(ctx, &ec2.CreateSubnetInput{
		VpcId: &vpc, CidrBlock: sdk.String("10.9.3.0/24"), AvailabilityZone: sdk.String(aws.Region + "c"),
	}))

	modify := func(subnets ...string) error {
		_, err := client.ModifyDBSubnetGroup(ctx, &rds.ModifyDBSubnetGroupInput{DBSubnetGroupName: name, SubnetIds: subnets})

		return err
	}

	wantCode(t, modify(ids...), "DBSubnetGroupNotFoundFault")
	must[*rds.CreateDBSubnetGroupOutput](t)(client.CreateDBSubnetGroup(ctx, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: name, DBSubnetGroupDescription: sdk.String("a & b"), SubnetIds: ids, Tags: []types.Tag{{Key: sdk.String("k"), Value: sdk.String("<v>")}},
	}))
	must[*rds.CreateDBInstanceOutput](t)(client.CreateDBInstance(ctx, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: sdk.String("db"), DBInstanceClass: sdk.String("db.t4g.micro"), Engine: sdk.String("mysql"), AllocatedStorage: sdk.Int32(20),
		MasterUsername: sdk.String("admin"), MasterUserPassword: sdk.String("not-secret-1"), DBSubnetGroupName: name,
	}))
	wantCode(t, modify(ids[0]), "DBSubnetGroupDoesNotCoverEnoughAZs")

	want := []string{ids[1], *subnet.Subnet.SubnetId}
	slices.Sort(want)

	for _, want := range [][]string{want, slices.Sorted(slices.Values(ids))} { // the second change is of a group that has changed
		told := must[*rds.ModifyDBSubnetGroupOutput](t)(client.ModifyDBSubnetGroup(ctx, &rds.ModifyDBSubnetGroupInput{DBSubnetGroupName: name, SubnetIds: want}))
		seen := must[*rds.DescribeDBSubnetGroupsOutput](t)(client.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: name})).DBSubnetGroups[0]
		instance := must[*rds.DescribeDBInstancesOutput](t)(client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: sdk.String("db")})).DBInstances[0]

		for who, group := range map[string]*types.DBSubnetGroup{"answer": told.DBSubnetGroup, "group": &seen, "instance": instance.DBSubnetGroup} {
			if got := subnetsOf(group); !slices.Equal(got, want) || *group.DBSubnetGroupDescription != "a & b" || *group.VpcId != vpc {
				t.Errorf("%s: %q of %s (%s), want %q", who, got, *group.VpcId, *group.DBSubnetGroupDescription, want)
			}
		}

		tags := must[*rds.ListTagsForResourceOutput](t)(client.ListTagsForResource(ctx, &rds.ListTagsForResourceInput{ResourceName: seen.DBSubnetGroupArn}))
		if len(tags.TagList) != 1 || *tags.TagList[0].Value != "<v>" {
			t.Errorf("tags are %+v", tags.TagList)
		}
	}
}
