package aws

import (
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// services are those that the provider's endpoints can name.
var services = []string{
	"cloudwatch", "codebuild", "ec2", "ecr", "eks", "iam", "logs", "rds", "s3", "sagemaker", "secretsmanager", "sts",
}

// Login is how the provider logs in to the Double, whatever the environment says.
func (d *Double) Login() session.Config {
	endpoints := make(map[string]string, len(services))
	for _, service := range services {
		endpoints[service] = d.Endpoint
	}

	return session.Config{
		Region: Region, AccessKey: accessKey(d.Account), SecretKey: secretKey, Endpoints: endpoints, Version: "test",
	}
}

// Block is the provider block of a configuration that logs in to the Double, whatever the environment says. more are further
// lines of its login.
func (d *Double) Block(more ...string) string { return block(d.Endpoint, accessKey(d.Account), more) }

func block(endpoint, key string, more []string) string {
	var endpoints strings.Builder
	for _, service := range services {
		fmt.Fprintf(&endpoints, "      %s = %q\n", service, endpoint)
	}

	return fmt.Sprintf(`provider "mlstacks" {
  aws = {
    region     = %q
    access_key = %q
    secret_key = %q
    %s
    endpoints = {
%s    }
  }
}
`, Region, key, secretKey, strings.Join(more, "\n    "), endpoints.String())
}
