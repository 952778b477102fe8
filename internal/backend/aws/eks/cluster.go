package eks

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

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

func (c Cluster) object() part.Object[*eks.Client, Found] {
	return part.Object[*eks.Client, Found]{What: c.What(), Session: c.Session, Open: c.Session.EKS, Get: part.Tagged(c.describe, tagsOf[Found])}
}

func (c Cluster) describe(ctx context.Context, client *eks.Client) (Found, error) {
	return describe(ctx, client, c.Name)
}

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
	return settle(ctx, c.object(), func(status string) bool { return !slices.Contains(failed, status) })
}

// failed are the states of a cluster that nothing can come of any more.
var failed = []string{string(types.ClusterStatusFailed), deleting}

// Observe looks at the cluster; the facts are a Found.
func (c Cluster) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, _, err := observe(ctx, claim, c.object(), []string{active, updating})

	return seen, err
}

// Remove deletes the cluster, with the add-ons and the access entries in it, and waits until it is gone.
func (c Cluster) Remove(ctx context.Context, claim part.Claim) error {
	return c.object().Remove(ctx, claim, func(ctx context.Context, client *eks.Client, _ Found) error { return c.remove(ctx, client) })
}

func (c Cluster) remove(ctx context.Context, client *eks.Client) error {
	return vanish(ctx, client, c.object(), func(Found) error {
		_, err := client.DeleteCluster(ctx, &eks.DeleteClusterInput{Name: aws.String(c.Name)})

		return err
	})
}
