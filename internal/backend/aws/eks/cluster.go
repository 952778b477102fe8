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

// Found is what a cluster is like.
type Found struct {
	Settings

	ARN, Status string
	// Endpoint is the address of its API, and CA the certificate of its authority in base64; both are empty while it is made.
	Endpoint, CA string
	// Issuer is who signs the tokens of service accounts.
	Issuer string
	// VPC is where it is, and SecurityGroup the group that EKS made for it.
	VPC, SecurityGroup string
	Tags               map[string]string
	// Issues are what EKS says of its health.
	Issues []string
}

var _ part.Part = Cluster{}

// What names the cluster.
func (c Cluster) What() string { return fmt.Sprintf("cluster %q", c.Name) }

// Describe looks at a cluster.
func Describe(ctx context.Context, s *session.Session, name string) (Found, error) {
	client, err := s.EKS(ctx)
	if err != nil {
		return Found{}, err
	}

	answer, err := client.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: aws.String(name)})

	switch {
	case session.Is(err, gone):
		return Found{}, fmt.Errorf("cluster %q %w in %s", name, backend.ErrNotFound, client.Options().Region)
	case err != nil:
		return Found{}, session.Worded(err, "read cluster %q", name)
	}

	return found(answer.Cluster), nil
}

func found(c *types.Cluster) Found {
	f := Found{ARN: aws.ToString(c.Arn), Status: string(c.Status), Endpoint: aws.ToString(c.Endpoint), Tags: c.Tags}
	f.Version, f.RoleARN, f.DeletionProtection = aws.ToString(c.Version), aws.ToString(c.RoleArn), aws.ToBool(c.DeletionProtection)

	if c.CertificateAuthority != nil {
		f.CA = aws.ToString(c.CertificateAuthority.Data)
	}

	if c.Identity != nil && c.Identity.Oidc != nil {
		f.Issuer = aws.ToString(c.Identity.Oidc.Issuer)
	}

	if network := c.ResourcesVpcConfig; network != nil {
		f.VPC, f.SecurityGroup = aws.ToString(network.VpcId), aws.ToString(network.ClusterSecurityGroupId)
		f.Subnets, f.SecurityGroups = network.SubnetIds, network.SecurityGroupIds

		if network.EndpointPublicAccess {
			f.PublicCIDRs = network.PublicAccessCidrs
		}
	}

	if c.UpgradePolicy != nil {
		f.Support = string(c.UpgradePolicy.SupportType)
	}

	for _, encryption := range c.EncryptionConfig {
		if encryption.Provider != nil {
			f.KMSKey = aws.ToString(encryption.Provider.KeyArn)
		}
	}

	if c.KubernetesNetworkConfig != nil {
		f.ServiceCIDR = aws.ToString(c.KubernetesNetworkConfig.ServiceIpv4Cidr)
	}

	if c.Logging != nil {
		for _, setup := range c.Logging.ClusterLogging {
			for _, kind := range setup.Types {
				if aws.ToBool(setup.Enabled) {
					f.Logs = append(f.Logs, string(kind))
				}
			}
		}
	}

	if c.Health != nil {
		for _, one := range c.Health.Issues {
			f.Issues = append(f.Issues, issue(string(one.Code), aws.ToString(one.Message), one.ResourceIds))
		}
	}

	return f
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
