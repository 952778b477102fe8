package eks

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Ensure is Begin and Settle.
func (n Nodes) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	made, err := n.Begin(ctx, claim)
	if err != nil {
		return made, err
	}

	return made, n.Settle(ctx)
}

// Begin makes the group, or brings it to what is wanted. It does not wait for one that it makes.
func (n Nodes) Begin(ctx context.Context, claim part.Claim) (part.Made, error) {
	return begin(ctx, claim, n, lost)
}

// lost are the states of a group that nothing can come of any more.
var lost = []string{string(types.NodegroupStatusCreateFailed), deleting, string(types.NodegroupStatusDeleteFailed)}

// create makes the group. false says that it is there.
func (n Nodes) create(ctx context.Context, client *eks.Client, claim part.Claim) (bool, error) {
	in := &eks.CreateNodegroupInput{
		ClusterName: aws.String(n.Cluster), NodegroupName: aws.String(n.Name), NodeRole: aws.String(n.RoleARN), Subnets: n.Subnets,
		InstanceTypes: n.InstanceTypes, AmiType: types.AMITypes(n.AMI), CapacityType: types.CapacityTypes(n.Capacity), DiskSize: aws.Int32(n.DiskGB),
		ScalingConfig: n.scaling(), Tags: n.Session.Tags(claim.Marks()), UpdateConfig: &types.NodegroupUpdateConfig{MaxUnavailable: aws.Int32(1)},
	}
	if n.Version != "" {
		in.Version = aws.String(n.Version)
	}

	err := settled(ctx, func() error {
		_, err := client.CreateNodegroup(ctx, in)

		return err
	})
	if session.Is(err, inUse) {
		return false, nil
	}

	return err == nil, session.Worded(err, "create %s", n.What())
}

func (n Nodes) scaling() *types.NodegroupScalingConfig {
	return &types.NodegroupScalingConfig{MinSize: aws.Int32(n.Size.Min), MaxSize: aws.Int32(n.Size.Max), DesiredSize: aws.Int32(n.Size.Desired)}
}

func (n Nodes) change(ctx context.Context, client *eks.Client, claim part.Claim, now NodesFound) error {
	if err := retag(ctx, client, claim, n.What(), now.ARN, now.Tags, n.Session.Tags(claim.Marks())); err != nil {
		return err
	}

	of := eks.DescribeUpdateInput{Name: aws.String(n.Cluster), NodegroupName: aws.String(n.Name)}

	if now.Size != n.Size {
		err := update(ctx, client, "scale "+n.What(), of, n.Settle, func() (*types.Update, error) {
			answer, err := client.UpdateNodegroupConfig(ctx, &eks.UpdateNodegroupConfigInput{
				ClusterName: aws.String(n.Cluster), NodegroupName: aws.String(n.Name), ScalingConfig: n.scaling(),
			})
			if err != nil {
				return nil, err
			}

			return answer.Update, nil
		})
		if err != nil {
			return err
		}
	}

	if n.Version == "" || now.Version == n.Version {
		return nil
	}

	return update(ctx, client, fmt.Sprintf("upgrade %s to %s", n.What(), n.Version), of, n.Settle, func() (*types.Update, error) {
		answer, err := client.UpdateNodegroupVersion(ctx, &eks.UpdateNodegroupVersionInput{
			ClusterName: aws.String(n.Cluster), NodegroupName: aws.String(n.Name), Version: aws.String(n.Version),
		})
		if err != nil {
			return nil, err
		}

		return answer.Update, nil
	})
}

// Settle waits until the nodes are there.
func (n Nodes) Settle(ctx context.Context) error {
	_, err := settle(ctx, n.object(), func(status string) bool { return status == creating || status == updating })

	return err
}
