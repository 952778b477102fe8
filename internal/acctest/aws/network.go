package aws

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// network is what Network made.
type network struct {
	mu      sync.Mutex
	vpc     string
	subnets []string
}

// Network is a VPC of 10.9.0.0/16 that exists in Account and Region before the test, and the IDs of its two subnets of 256
// addresses, in two zones. It is the same whenever it is asked for, and Left does not list it. Nothing leads out of it.
func (d *Double) Network(tb testing.TB) (vpc string, subnets []string) {
	tb.Helper()

	d.network.mu.Lock()
	defer d.network.mu.Unlock()

	if len(d.network.subnets) == 0 {
		if err := d.network.make(context.Background(), ec2.NewFromConfig(d.Config(Region))); err != nil {
			tb.Fatal(err)
		}
	}

	return d.network.vpc, slices.Clone(d.network.subnets)
}

func (n *network) make(ctx context.Context, client *ec2.Client) error {
	made, err := client.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: sdk.String("10.9.0.0/16")})
	if err != nil {
		return fmt.Errorf("make a VPC: %w", err)
	}

	var ids []string

	for i, zone := range []string{"a", "b"} {
		subnet, err := client.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: made.Vpc.VpcId, CidrBlock: sdk.String(fmt.Sprintf("10.9.%d.0/24", i+1)), AvailabilityZone: sdk.String(Region + zone),
		})
		if err != nil {
			return fmt.Errorf("make a subnet: %w", err)
		}

		ids = append(ids, sdk.ToString(subnet.Subnet.SubnetId))
	}

	n.vpc, n.subnets = sdk.ToString(made.Vpc.VpcId), ids

	return nil
}

// id is that of the VPC, empty until there is one.
func (n *network) id() string {
	n.mu.Lock()
	defer n.mu.Unlock()

	return n.vpc
}
