package eks

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Found is what a cluster is like.
type Found struct {
	Settings
	State

	// Endpoint is the address of its API, and CA the certificate of its authority in base64; both are empty while it is made.
	Endpoint, CA string
	// Issuer is who signs the tokens of service accounts.
	Issuer string
	// VPC is where it is, and SecurityGroup the group that EKS made for it.
	VPC, SecurityGroup string
}

// Describe looks at a cluster.
func Describe(ctx context.Context, s *session.Session, name string) (Found, error) {
	client, err := s.EKS(ctx)
	if err != nil {
		return Found{}, err
	}

	return describe(ctx, client, name)
}

func describe(ctx context.Context, client *eks.Client, name string) (Found, error) {
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
	f := Found{State: State{ARN: aws.ToString(c.Arn), Status: string(c.Status), Tags: c.Tags}, Endpoint: aws.ToString(c.Endpoint)}
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
