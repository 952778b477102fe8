package session

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// endpoint is the one that the configuration names for a service, otherwise what the SDK found.
func (s *Session) endpoint(service string, found *string) *string {
	if named := s.config.Endpoints[service]; named != "" {
		return aws.String(named)
	}

	return found
}

// client makes a client of a service with the login's configuration.
func client[C any](ctx context.Context, s *Session, with func(aws.Config) C) (C, error) {
	config, err := s.AWS(ctx)
	if err != nil {
		var none C

		return none, err
	}

	return with(config), nil
}

// S3 returns a client of S3. Servers that are addressed by a number or by localhost have no hosts for buckets.
func (s *Session) S3(ctx context.Context) (*s3.Client, error) {
	return client(ctx, s, func(c aws.Config) *s3.Client {
		return s3.NewFromConfig(c, func(o *s3.Options) {
			o.BaseEndpoint = s.endpoint("s3", o.BaseEndpoint)
			o.UsePathStyle = s.config.S3UsePathStyle || isLocal(aws.ToString(o.BaseEndpoint))
		})
	})
}

func isLocal(endpoint string) bool {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return false
	}

	host := parsed.Hostname()

	return host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1"
}

// ECR returns a client of the Elastic Container Registry.
func (s *Session) ECR(ctx context.Context) (*ecr.Client, error) {
	return client(ctx, s, func(c aws.Config) *ecr.Client {
		return ecr.NewFromConfig(c, func(o *ecr.Options) { o.BaseEndpoint = s.endpoint("ecr", o.BaseEndpoint) })
	})
}

// IAM returns a client of Identity and Access Management.
func (s *Session) IAM(ctx context.Context) (*iam.Client, error) {
	return client(ctx, s, func(c aws.Config) *iam.Client {
		return iam.NewFromConfig(c, func(o *iam.Options) { o.BaseEndpoint = s.endpoint("iam", o.BaseEndpoint) })
	})
}

// SageMaker returns a client of SageMaker.
func (s *Session) SageMaker(ctx context.Context) (*sagemaker.Client, error) {
	return client(ctx, s, func(c aws.Config) *sagemaker.Client {
		return sagemaker.NewFromConfig(c, func(o *sagemaker.Options) { o.BaseEndpoint = s.endpoint("sagemaker", o.BaseEndpoint) })
	})
}

// CodeBuild returns a client of CodeBuild.
func (s *Session) CodeBuild(ctx context.Context) (*codebuild.Client, error) {
	return client(ctx, s, func(c aws.Config) *codebuild.Client {
		return codebuild.NewFromConfig(c, func(o *codebuild.Options) { o.BaseEndpoint = s.endpoint("codebuild", o.BaseEndpoint) })
	})
}

// SecretsManager returns a client of Secrets Manager.
func (s *Session) SecretsManager(ctx context.Context) (*secretsmanager.Client, error) {
	return client(ctx, s, func(c aws.Config) *secretsmanager.Client {
		return secretsmanager.NewFromConfig(c, func(o *secretsmanager.Options) { o.BaseEndpoint = s.endpoint("secretsmanager", o.BaseEndpoint) })
	})
}

// RDS returns a client of the Relational Database Service.
func (s *Session) RDS(ctx context.Context) (*rds.Client, error) {
	return client(ctx, s, func(c aws.Config) *rds.Client {
		return rds.NewFromConfig(c, func(o *rds.Options) { o.BaseEndpoint = s.endpoint("rds", o.BaseEndpoint) })
	})
}

// EC2 returns a client of EC2, which networks belong to.
func (s *Session) EC2(ctx context.Context) (*ec2.Client, error) {
	return client(ctx, s, func(c aws.Config) *ec2.Client {
		return ec2.NewFromConfig(c, func(o *ec2.Options) { o.BaseEndpoint = s.endpoint("ec2", o.BaseEndpoint) })
	})
}

// EKS returns a client of the Elastic Kubernetes Service.
func (s *Session) EKS(ctx context.Context) (*eks.Client, error) {
	return client(ctx, s, func(c aws.Config) *eks.Client {
		return eks.NewFromConfig(c, func(o *eks.Options) { o.BaseEndpoint = s.endpoint("eks", o.BaseEndpoint) })
	})
}

// Logs returns a client of CloudWatch Logs.
func (s *Session) Logs(ctx context.Context) (*cloudwatchlogs.Client, error) {
	return client(ctx, s, func(c aws.Config) *cloudwatchlogs.Client {
		return cloudwatchlogs.NewFromConfig(c, func(o *cloudwatchlogs.Options) { o.BaseEndpoint = s.endpoint("logs", o.BaseEndpoint) })
	})
}

// CloudWatch returns a client of CloudWatch.
func (s *Session) CloudWatch(ctx context.Context) (*cloudwatch.Client, error) {
	return client(ctx, s, func(c aws.Config) *cloudwatch.Client {
		return cloudwatch.NewFromConfig(c, func(o *cloudwatch.Options) { o.BaseEndpoint = s.endpoint("cloudwatch", o.BaseEndpoint) })
	})
}
