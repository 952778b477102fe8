package eks

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
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
	client, err := n.Session.EKS(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if !claim.Known {
		if created, err := n.create(ctx, client, claim); err != nil || created {
			return part.Made{Exists: created}, err
		}
	}

	now, err := n.describe(ctx, client)
	if errors.Is(err, backend.ErrNotFound) {
		created, err := n.create(ctx, client, claim)

		return part.Made{Exists: created}, err
	}

	if err != nil {
		return part.Made{}, err
	}

	if err := claim.Check(n.What(), now.Tags); err != nil {
		return part.Made{}, err
	}

	if slices.Contains(lost, types.NodegroupStatus(now.Status)) {
		if err := n.remove(ctx, client); err != nil {
			return part.Made{Exists: true}, err
		}

		created, err := n.create(ctx, client, claim)

		return part.Made{Exists: created}, err
	}

	return part.Made{Exists: true}, n.change(ctx, client, claim, now)
}

// lost are the states of a group that nothing can come of any more.
var lost = []types.NodegroupStatus{types.NodegroupStatusCreateFailed, types.NodegroupStatusDeleting, types.NodegroupStatusDeleteFailed}

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
		err := updating(ctx, client, "scale "+n.What(), of, n.Settle, func() (*types.Update, error) {
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

	return updating(ctx, client, fmt.Sprintf("upgrade %s to %s", n.What(), n.Version), of, n.Settle, func() (*types.Update, error) {
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
	client, err := n.Session.EKS(ctx)
	if err != nil {
		return err
	}

	now := NodesFound{}

	err = session.Until(ctx, Pace, Pace, func() (bool, error) {
		seen, err := n.describe(ctx, client)
		if err != nil {
			return false, err
		}

		now = seen

		switch types.NodegroupStatus(now.Status) {
		case types.NodegroupStatusActive:
			return true, nil
		case types.NodegroupStatusCreating, types.NodegroupStatusUpdating:
			return false, nil
		default:
			return false, fmt.Errorf("wait for %s: it %s", n.What(), said(now.Status, now.Issues))
		}
	})

	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("wait for %s: it %s after the time that there was: %w", n.What(), said(now.Status, now.Issues), err)
	}

	return err
}
