package aws

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// Left lists what is in the account, a word for each object: nothing that moto puts into every account, no log group that a
// service makes for itself, and not the VPC of Network.
func (d *Double) Left(tb testing.TB, region string) []string {
	tb.Helper()

	c := d.Config(region)
	ctx := context.Background()

	var left []string

	for _, list := range []func(context.Context, sdk.Config) ([]string, error){
		buckets, repositories, identities, providers, projects, groups, secrets, databases, watches, networks, clustersOf,
	} {
		found, err := list(ctx, c)
		if err != nil {
			tb.Fatalf("list what is left: %v", err)
		}

		left = append(left, found...)
	}

	given := d.network.id()
	left = slices.DeleteFunc(left, func(one string) bool { return given != "" && one == "network "+given })
	slices.Sort(left)

	return left
}

// words collects a word for each of what a call lists.
func words[T any](kind string, list []T, name func(T) *string) []string {
	var all []string
	for _, one := range list {
		all = append(all, kind+" "+sdk.ToString(name(one)))
	}

	return all
}

func buckets(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }).ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		return nil, fmt.Errorf("buckets: %w", err)
	}

	var all []string
	for _, one := range answer.Buckets {
		all = append(all, "bucket "+sdk.ToString(one.Name))
	}

	return all, nil
}

func repositories(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := ecr.NewFromConfig(c).DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})
	if err != nil {
		return nil, fmt.Errorf("repositories: %w", err)
	}

	var all []string
	for _, one := range answer.Repositories {
		all = append(all, "repository "+sdk.ToString(one.RepositoryName))
	}

	return all, nil
}

func identities(ctx context.Context, c sdk.Config) ([]string, error) {
	client := iam.NewFromConfig(c)

	roles, err := client.ListRoles(ctx, &iam.ListRolesInput{})
	if err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}

	policies, err := client.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: iamtypes.PolicyScopeTypeLocal})
	if err != nil {
		return nil, fmt.Errorf("policies: %w", err)
	}

	profiles, err := client.ListInstanceProfiles(ctx, &iam.ListInstanceProfilesInput{})
	if err != nil {
		return nil, fmt.Errorf("instance profiles: %w", err)
	}

	var own []iamtypes.Role

	for _, role := range roles.Roles {
		if !strings.HasPrefix(sdk.ToString(role.Path), "/aws-service-role/") {
			own = append(own, role)
		}
	}

	all := words("role", own, func(one iamtypes.Role) *string { return one.RoleName })
	all = append(all, words("policy", policies.Policies, func(one iamtypes.Policy) *string { return one.PolicyName })...)

	return append(all, words("instance profile", profiles.InstanceProfiles, func(one iamtypes.InstanceProfile) *string { return one.InstanceProfileName })...), nil
}

func providers(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := iam.NewFromConfig(c).ListOpenIDConnectProviders(ctx, &iam.ListOpenIDConnectProvidersInput{})
	if err != nil {
		return nil, fmt.Errorf("identity providers: %w", err)
	}

	return words("identity provider", answer.OpenIDConnectProviderList, func(one iamtypes.OpenIDConnectProviderListEntry) *string { return one.Arn }), nil
}

func projects(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := codebuild.NewFromConfig(c).ListProjects(ctx, &codebuild.ListProjectsInput{})
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}

	return words("project", answer.Projects, func(one string) *string { return &one }), nil
}

func groups(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := sagemaker.NewFromConfig(c).ListModelPackageGroups(ctx, &sagemaker.ListModelPackageGroupsInput{})
	if err != nil {
		return nil, fmt.Errorf("model package groups: %w", err)
	}

	var all []string
	for _, one := range answer.ModelPackageGroupSummaryList {
		all = append(all, "model package group "+sdk.ToString(one.ModelPackageGroupName))
	}

	return all, nil
}

func secrets(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := secretsmanager.NewFromConfig(c).ListSecrets(ctx, &secretsmanager.ListSecretsInput{})
	if err != nil {
		return nil, fmt.Errorf("secrets: %w", err)
	}

	var all []string
	for _, one := range answer.SecretList {
		all = append(all, "secret "+sdk.ToString(one.Name))
	}

	return all, nil
}

func databases(ctx context.Context, c sdk.Config) ([]string, error) {
	client := rds.NewFromConfig(c)

	instances, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
	if err != nil {
		return nil, fmt.Errorf("databases: %w", err)
	}

	subnets, err := client.DescribeDBSubnetGroups(ctx, &rds.DescribeDBSubnetGroupsInput{})
	if err != nil {
		return nil, fmt.Errorf("subnet groups: %w", err)
	}

	var all []string
	for _, one := range instances.DBInstances {
		all = append(all, "database "+sdk.ToString(one.DBInstanceIdentifier))
	}

	for _, one := range subnets.DBSubnetGroups {
		all = append(all, "subnet group "+sdk.ToString(one.DBSubnetGroupName))
	}

	return all, nil
}

func watches(ctx context.Context, c sdk.Config) ([]string, error) {
	client := cloudwatch.NewFromConfig(c)

	boards, err := client.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{})
	if err != nil {
		return nil, fmt.Errorf("dashboards: %w", err)
	}

	alarms, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
	if err != nil {
		return nil, fmt.Errorf("alarms: %w", err)
	}

	logs, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil {
		return nil, fmt.Errorf("log groups: %w", err)
	}

	all := words("dashboard", boards.DashboardEntries, func(one watchtypes.DashboardEntry) *string { return one.DashboardName })
	all = append(all, words("alarm", alarms.MetricAlarms, func(one watchtypes.MetricAlarm) *string { return one.AlarmName })...)

	for _, one := range logs.LogGroups {
		if !strings.HasPrefix(sdk.ToString(one.LogGroupName), "/aws/") {
			all = append(all, "log group "+sdk.ToString(one.LogGroupName))
		}
	}

	return all, nil
}

func networks(ctx context.Context, c sdk.Config) ([]string, error) {
	client := ec2.NewFromConfig(c)

	vpcs, err := client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	if err != nil {
		return nil, fmt.Errorf("networks: %w", err)
	}

	security, err := client.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{})
	if err != nil {
		return nil, fmt.Errorf("security groups: %w", err)
	}

	addresses, err := client.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{})
	if err != nil {
		return nil, fmt.Errorf("addresses: %w", err)
	}

	var all []string

	for _, one := range vpcs.Vpcs {
		if !sdk.ToBool(one.IsDefault) {
			all = append(all, "network "+sdk.ToString(one.VpcId))
		}
	}

	for _, one := range security.SecurityGroups {
		if sdk.ToString(one.GroupName) != "default" {
			all = append(all, "security group "+sdk.ToString(one.GroupName))
		}
	}

	return append(all, words("address", addresses.Addresses, func(one ec2types.Address) *string { return one.AllocationId })...), nil
}

func clustersOf(ctx context.Context, c sdk.Config) ([]string, error) {
	answer, err := eks.NewFromConfig(c).ListClusters(ctx, &eks.ListClustersInput{})
	if err != nil {
		return nil, fmt.Errorf("clusters: %w", err)
	}

	return words("cluster", answer.Clusters, func(one string) *string { return &one }), nil
}
