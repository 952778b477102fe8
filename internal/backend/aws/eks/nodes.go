package eks

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Nodes are a managed group of nodes as it is wanted.
type Nodes struct {
	Session *session.Session
	// Cluster is its cluster's name, Name its own.
	Cluster, Name string
	// Version is that of Kubernetes; empty: the cluster's.
	Version string
	// RoleARN is the role of its instances.
	RoleARN string
	Subnets []string
	// InstanceTypes are taken in their order where EC2 is short of one.
	InstanceTypes []string
	// AMI is the type of its images, such as AL2023_x86_64_STANDARD; Capacity is ON_DEMAND or SPOT.
	AMI, Capacity string
	// DiskGB is the size of each node's volume, in GiB.
	DiskGB int32
	Size   Size
}

// Size is how many nodes there are.
type Size struct{ Min, Max, Desired int32 }

// NodesFound is what a node group is like.
type NodesFound struct {
	State

	Version, RoleARN, AMI, Capacity string
	InstanceTypes, Subnets          []string
	DiskGB                          int32
	Size                            Size
}

var _ part.Part = Nodes{}

// What names the node group.
func (n Nodes) What() string { return fmt.Sprintf("node group %q of cluster %q", n.Name, n.Cluster) }

func (n Nodes) object() part.Object[*eks.Client, NodesFound] {
	return part.Object[*eks.Client, NodesFound]{
		What: n.What(), Session: n.Session, Open: n.Session.EKS, Get: part.Tagged(n.describe, tagsOf[NodesFound]),
	}
}

func (n Nodes) describe(ctx context.Context, client *eks.Client) (NodesFound, error) {
	answer, err := client.DescribeNodegroup(ctx, &eks.DescribeNodegroupInput{ClusterName: aws.String(n.Cluster), NodegroupName: aws.String(n.Name)})

	switch {
	case session.Is(err, gone):
		return NodesFound{}, fmt.Errorf("%s %w", n.What(), backend.ErrNotFound)
	case err != nil:
		return NodesFound{}, session.Worded(err, "read %s", n.What())
	}

	g := answer.Nodegroup
	f := NodesFound{
		State:   State{ARN: aws.ToString(g.NodegroupArn), Status: string(g.Status), Tags: g.Tags},
		Version: aws.ToString(g.Version), RoleARN: aws.ToString(g.NodeRole), AMI: string(g.AmiType), Capacity: string(g.CapacityType),
		InstanceTypes: g.InstanceTypes, Subnets: g.Subnets, DiskGB: aws.ToInt32(g.DiskSize),
	}

	if g.ScalingConfig != nil {
		f.Size = Size{aws.ToInt32(g.ScalingConfig.MinSize), aws.ToInt32(g.ScalingConfig.MaxSize), aws.ToInt32(g.ScalingConfig.DesiredSize)}
	}

	if g.Health != nil {
		for _, one := range g.Health.Issues {
			f.Issues = append(f.Issues, issue(string(one.Code), aws.ToString(one.Message), one.ResourceIds))
		}
	}

	return f, nil
}

// Observe looks at the node group; the facts are a NodesFound.
func (n Nodes) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	ready := []string{active, updating}

	seen, now, err := observe(ctx, claim, n.object(), ready)
	if err != nil {
		return seen, err
	}

	if slices.Contains(ready, now.Status) && n.Version != "" && now.Version != n.Version {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s runs Kubernetes %s, should run %s", n.What(), now.Version, n.Version))
	}

	return seen, nil
}

// Remove deletes the node group, and waits until it is gone.
func (n Nodes) Remove(ctx context.Context, claim part.Claim) error {
	return n.object().Remove(ctx, claim, func(ctx context.Context, client *eks.Client, _ NodesFound) error { return n.remove(ctx, client) })
}

func (n Nodes) remove(ctx context.Context, client *eks.Client) error {
	asked := false

	return vanish(ctx, client, n.object(), func(now NodesFound) error {
		if asked && now.Status == string(types.NodegroupStatusDeleteFailed) {
			return fmt.Errorf("it %s", said(now.Status, now.Issues))
		}

		_, err := client.DeleteNodegroup(ctx, &eks.DeleteNodegroupInput{ClusterName: aws.String(n.Cluster), NodegroupName: aws.String(n.Name)})
		asked = asked || err == nil

		return err
	})
}
