package policy

import (
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
)

// Place is where things are.
type Place struct {
	// Partition is "aws", "aws-cn", "aws-us-gov" and so on.
	Partition string
	// Region is such as "eu-west-1".
	Region string
	// Account has 12 digits.
	Account string
}

// Bucket is an S3 bucket or a part of it. Without a name, statements about it are left out.
type Bucket struct {
	Name string
	// Prefix limits access to the objects whose keys begin with "PREFIX/"; empty for all.
	Prefix string
	// Key is the ARN of the KMS key that encrypts the objects; empty for SSE-S3.
	Key string
}

// arn is the ARN of something in this place.
func (p Place) arn(service, resource string) string {
	return naming.ARN(p.Partition, service, p.Region, p.Account, resource)
}

// identity is the ARN of something in IAM, which has no region, such as a role.
func (p Place) identity(resource string) string {
	return naming.ARN(p.Partition, "iam", "", p.Account, resource)
}

// RoleARN is the ARN of a role of this account; the path begins and ends with a slash, and is "" or "/" for none.
func (p Place) RoleARN(path, name string) string {
	return p.identity("role/" + strings.Trim(path+"/", "/") + slashAfter(path) + name)
}

// BucketARN is the ARN of a bucket.
func (p Place) BucketARN(name string) string { return naming.ARN(p.Partition, "s3", "", "", name) }

// RepositoryARN is the ARN of an ECR repository.
func (p Place) RepositoryARN(name string) string { return p.arn("ecr", "repository/"+name) }

// ProjectARN is the ARN of a CodeBuild project.
func (p Place) ProjectARN(name string) string { return p.arn("codebuild", "project/"+name) }

func slashAfter(path string) string {
	if strings.Trim(path, "/") == "" {
		return ""
	}

	return "/"
}

// passRole lets a role be handed to a service, and to no other.
func passRole(sid string, place Place, role string, services ...string) Statement {
	return permit(sid, of("iam", "PassRole"), role).when("StringEquals", "iam:PassedToService", place.principals(services)...)
}

// principals are the names of services as AWS fills them into a request: in China some have the suffix of the partition.
func (p Place) principals(services []string) []string {
	var names []string

	for _, service := range services {
		names = append(names, service)

		if p.Partition == "aws-cn" {
			names = append(names, service+".cn")
		}
	}

	return names
}

// named are the ARNs of a thing in SageMaker: its ARNs have the name in lower case for some kinds and as it is for others, and
// IAM compares with case.
func (p Place) named(kind, name, behind string) []string {
	arns := []string{p.arn("sagemaker", kind+"/"+name+behind)}
	if lower := strings.ToLower(name); lower != name {
		arns = append(arns, p.arn("sagemaker", kind+"/"+lower+behind))
	}

	return arns
}

// use lets a KMS key be used for reading and writing what it encrypts.
func use(key string) Statement {
	return permit("Key", of("kms", "Decrypt", "GenerateDataKey"), key)
}
