package eks

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Cluster is the control plane of a cluster as it is wanted.
type Cluster struct {
	Session  *session.Session
	Name     string
	Settings Settings
	// Creator lets who makes the cluster in as its administrator, for logins that no access entry can be made for.
	Creator bool
}

// Settings are how a control plane is kept.
type Settings struct {
	// Version is that of Kubernetes, such as 1.36.
	Version string
	// RoleARN is the role that EKS works as.
	RoleARN string
	// Subnets and SecurityGroups are where the control plane shows itself; EKS adds a group of its own.
	Subnets, SecurityGroups []string
	// PublicCIDRs are the ranges that the API is open to from outside of the VPC; empty: none.
	PublicCIDRs []string
	// Logs are the types of logs that are written: api, audit, authenticator, controllerManager, scheduler.
	Logs []string
	// DeletionProtection refuses deletion.
	DeletionProtection bool
	// Support is STANDARD or EXTENDED: what happens when standard support of the version ends.
	Support string
	// KMSKey encrypts Secrets beside EKS' own keys; empty: none.
	KMSKey string
	// ServiceCIDR is the range for services; empty: EKS chooses.
	ServiceCIDR string
}

var _ part.Part = Cluster{}

// What names the cluster.
func (c Cluster) What() string { return fmt.Sprintf("cluster %q", c.Name) }

// Ensure makes the cluster, or brings it to what is wanted, and waits until it is.
func (c Cluster) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := c.Session.EKS(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if !claim.Known {
		created, err := c.create(ctx, client, claim)
		if err != nil {
			return part.Made{}, err
		}

		if created {
			_, err = c.active(ctx)

			return part.Made{Exists: true}, err
		}
	}

	return c.change(ctx, client, claim)
}

// create makes the cluster. false says that it is there.
func (c Cluster) create(ctx context.Context, client *eks.Client, claim part.Claim) (bool, error) {
	in := c.input()
	in.Tags = c.Session.Tags(claim.Marks())

	err := settled(ctx, func() error {
		_, err := client.CreateCluster(ctx, in)

		return err
	})

	switch {
	case session.Is(err, inUse):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create cluster %q", c.Name)
	default:
		return true, nil
	}
}

func (c Cluster) input() *eks.CreateClusterInput {
	in := &eks.CreateClusterInput{
		Name: aws.String(c.Name), RoleArn: aws.String(c.Settings.RoleARN), ResourcesVpcConfig: c.endpoints(),
		AccessConfig: &types.CreateAccessConfigRequest{
			AuthenticationMode: types.AuthenticationModeApi, BootstrapClusterCreatorAdminPermissions: aws.Bool(c.Creator),
		},
		DeletionProtection: aws.Bool(c.Settings.DeletionProtection),
		UpgradePolicy:      &types.UpgradePolicyRequest{SupportType: types.SupportType(c.Settings.Support)},
	}
	in.ResourcesVpcConfig.SubnetIds, in.ResourcesVpcConfig.SecurityGroupIds = c.Settings.Subnets, c.Settings.SecurityGroups

	if c.Settings.Version != "" {
		in.Version = aws.String(c.Settings.Version)
	}

	if len(c.Settings.Logs) > 0 {
		in.Logging = logging(nil, c.Settings.Logs)
	}

	if c.Settings.KMSKey != "" {
		in.EncryptionConfig = []types.EncryptionConfig{{
			Provider: &types.Provider{KeyArn: aws.String(c.Settings.KMSKey)}, Resources: []string{"secrets"},
		}}
	}

	if c.Settings.ServiceCIDR != "" {
		in.KubernetesNetworkConfig = &types.KubernetesNetworkConfigRequest{ServiceIpv4Cidr: aws.String(c.Settings.ServiceCIDR)}
	}

	return in
}

// endpoints are how the API is reached: from within the VPC always.
func (c Cluster) endpoints() *types.VpcConfigRequest {
	request := &types.VpcConfigRequest{EndpointPrivateAccess: aws.Bool(true), EndpointPublicAccess: aws.Bool(len(c.Settings.PublicCIDRs) > 0)}
	if len(c.Settings.PublicCIDRs) > 0 {
		request.PublicAccessCidrs = c.Settings.PublicCIDRs
	}

	return request
}

// active waits until the cluster is as it was asked to be.
func (c Cluster) active(ctx context.Context) (Found, error) {
	var now Found

	err := session.Until(ctx, Pace, Pace, func() (bool, error) {
		seen, err := Describe(ctx, c.Session, c.Name)
		if err != nil {
			return false, err
		}

		now = seen

		if now.Status == string(types.ClusterStatusFailed) || now.Status == string(types.ClusterStatusDeleting) {
			return false, fmt.Errorf("wait for %s: it %s", c.What(), said(now.Status, now.Issues))
		}

		return now.Status == string(types.ClusterStatusActive), nil
	})

	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = fmt.Errorf("wait for %s: it is %s after the time that there was: %w", c.What(), now.Status, err)
	}

	return now, err
}

// Observe looks at the cluster; the facts are a Found.
func (c Cluster) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	now, err := Describe(ctx, c.Session, c.Name)
	if err != nil {
		return part.Seen{}, err
	}

	if err := claim.Check(c.What(), now.Tags); err != nil {
		return part.Seen{}, err
	}

	seen := part.Seen{Tags: now.Tags, Facts: now}
	for _, line := range session.Differences(now.Tags, c.Session.Tags(claim.Owner)) {
		seen.Drift = append(seen.Drift, c.What()+": "+line)
	}

	if now.Status != string(types.ClusterStatusActive) && now.Status != string(types.ClusterStatusUpdating) || len(now.Issues) > 0 {
		seen.Drift = append(seen.Drift, strings.TrimSpace(c.What()+" "+said(now.Status, now.Issues)))
	}

	return seen, nil
}

// Remove deletes the cluster, with the add-ons and the access entries in it, and waits until it is gone.
func (c Cluster) Remove(ctx context.Context, claim part.Claim) error {
	client, err := c.Session.EKS(ctx)
	if err != nil {
		return err
	}

	now, err := Describe(ctx, c.Session, c.Name)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil
	case err != nil:
		return err
	case !claim.Owns(now.Tags):
		return nil
	}

	return c.remove(ctx, client)
}

func (c Cluster) remove(ctx context.Context, client *eks.Client) error {
	return session.Until(ctx, Pace, Pace, func() (bool, error) {
		now, err := Describe(ctx, c.Session, c.Name)

		switch {
		case errors.Is(err, backend.ErrNotFound):
			return true, nil
		case err != nil:
			return false, err
		case now.Status == string(types.ClusterStatusDeleting):
			return false, nil
		}

		_, err = client.DeleteCluster(ctx, &eks.DeleteClusterInput{Name: aws.String(c.Name)})
		if session.Is(err, gone) {
			return true, nil
		}

		if session.Is(err, inUse) && !session.Says(err, "attached") { // an update is under way
			return false, nil
		}

		return false, session.Worded(err, "delete cluster %q", c.Name)
	})
}
