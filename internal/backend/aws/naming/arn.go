package naming

import (
	"fmt"
	"regexp"
	"strings"
)

// arnParts is how many parts an ARN has: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.
const arnParts = 6

var (
	accountID   = regexp.MustCompile(`^\d{12}$`)
	partitionID = regexp.MustCompile(`^aws(-[a-z]+)*$`)
	kmsKeyID    = regexp.MustCompile(`^key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)
)

// ARN puts an ARN together. Region and account are empty for what has none, such as a bucket; the region is for a role.
func ARN(partition, service, region, account, resource string) string {
	return strings.Join([]string{"arn", partition, service, region, account, resource}, ":")
}

// ARNOf judges the ARN of something of a service, such as "iam", whose resource begins with a type, such as "role/" or
// "secret:"; an empty type takes any.
func ARNOf(value, service, resource string) string {
	form := ARN("aws", service, exampleRegion(service), "123456789012", resource+"NAME")

	parts := strings.SplitN(value, ":", arnParts)
	if len(parts) < arnParts || parts[0] != "arn" {
		return fmt.Sprintf("%q is not an ARN: it looks like %s.", value, form)
	}

	if !partitionID.MatchString(parts[1]) {
		return fmt.Sprintf("ARN %q names the partition %q: it is aws, aws-cn, aws-us-gov or another that begins with \"aws\".", value, parts[1])
	}

	if parts[2] != service {
		return fmt.Sprintf("ARN %q belongs to the service %q and not to %q: it looks like %s.", value, parts[2], service, form)
	}

	if parts[4] != "" && !accountID.MatchString(parts[4]) && parts[4] != "aws" {
		return fmt.Sprintf("ARN %q names the account %q: an account has 12 digits.", value, parts[4])
	}

	if name, ok := strings.CutPrefix(parts[5], resource); !ok || name == "" {
		return fmt.Sprintf("ARN %q names %q, which is no %s: it looks like %s.", value, parts[5], strings.TrimRight(resource, "/:"), form)
	}

	return ""
}

// exampleRegion leaves the region out of the example for services that have none in their ARNs.
func exampleRegion(service string) string {
	if service == "iam" || service == "s3" {
		return ""
	}

	return "eu-west-1"
}

// RoleARN judges the ARN of an IAM role, with or without a path.
func RoleARN(value string) string {
	if problem := ARNOf(value, "iam", "role/"); problem != "" {
		return problem
	}

	parts := strings.SplitN(value, ":", arnParts)
	if parts[3] != "" || !accountID.MatchString(parts[4]) {
		return fmt.Sprintf("ARN %q is none of a role: it has no region and an account of 12 digits, as arn:aws:iam::123456789012:role/NAME.", value)
	}

	name := parts[5][strings.LastIndex(parts[5], "/")+1:]

	return Role(name)
}

// KMSKey judges the ARN of a KMS key. An alias will not do: policies are held against keys.
func KMSKey(value string) string {
	const form = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"

	if strings.HasPrefix(value, "alias/") || strings.Contains(value, ":alias/") {
		return fmt.Sprintf("%q is an alias, by which no policy can be written: give the key's ARN, such as %s.", value, form)
	}

	if problem := ARNOf(value, "kms", "key/"); problem != "" {
		return problem
	}

	parts := strings.SplitN(value, ":", arnParts)
	if parts[3] == "" || !accountID.MatchString(parts[4]) || !kmsKeyID.MatchString(parts[5]) {
		return fmt.Sprintf("ARN %q is none of a KMS key: it looks like %s.", value, form)
	}

	return ""
}

// RegistryHost is the host of an account's ECR registry in a region.
func RegistryHost(account, region string) string {
	return fmt.Sprintf("%s.dkr.ecr.%s.%s", account, region, DNSSuffix(region))
}
