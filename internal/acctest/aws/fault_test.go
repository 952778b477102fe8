package aws_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
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
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestInject_IsUnderstoodInTheProtocolOfEachService(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Inject(aws.Fault{Operation: "*", Times: -1, Status: 400, Code: "ThatException", Message: "a <reason>"})

	c, ctx := once(d), t.Context()
	name := sdk.String("some")

	for service, call := range map[string]func() error{
		"codebuild": func() error {
			_, err := codebuild.NewFromConfig(c).ListProjects(ctx, &codebuild.ListProjectsInput{})

			return err
		},
		"ec2": func() error { _, err := ec2.NewFromConfig(c).DescribeVpcs(ctx, &ec2.DescribeVpcsInput{}); return err },
		"ecr": func() error {
			_, err := ecr.NewFromConfig(c).DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{})

			return err
		},
		"eks": func() error {
			_, err := eks.NewFromConfig(c).DescribeCluster(ctx, &eks.DescribeClusterInput{Name: name})

			return err
		},
		"iam": func() error { _, err := iam.NewFromConfig(c).ListRoles(ctx, &iam.ListRolesInput{}); return err },
		"logs": func() error {
			_, err := cloudwatchlogs.NewFromConfig(c).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})

			return err
		},
		"monitoring": func() error {
			_, err := cloudwatch.NewFromConfig(c).DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})

			return err
		},
		"rds": func() error {
			_, err := rds.NewFromConfig(c).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})

			return err
		},
		"s3": func() error {
			_, err := s3.NewFromConfig(c).GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: name})

			return err
		},
		"sagemaker": func() error {
			_, err := sagemaker.NewFromConfig(c).ListPipelines(ctx, &sagemaker.ListPipelinesInput{})

			return err
		},
		"secretsmanager": func() error {
			_, err := secretsmanager.NewFromConfig(c).ListSecrets(ctx, &secretsmanager.ListSecretsInput{})

			return err
		},
		"sts": func() error { _, err := sts.NewFromConfig(c).GetCallerIdentity(ctx, nil); return err },
	} {
		err := call()
		if codeOf(err) != "ThatException" {
			t.Errorf("%s: error is %v, want the code ThatException", service, err)
		}

		if d.Count(service+":*") == 0 {
			t.Errorf("%s: no call was counted; calls are %v", service, d.Calls())
		}
	}
}

func TestInject_FailsTheNthCallOnce(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	hits := d.Inject(aws.Fault{Operation: "*", After: 2, Code: "Oops"})
	client := sts.NewFromConfig(once(d))

	for n, want := range []string{"", "", "Oops", ""} {
		_, err := client.GetCallerIdentity(t.Context(), nil)
		if got := codeOf(err); got != want {
			t.Errorf("call %d: error is %q, want %q", n+1, got, want)
		}
	}

	if hits() != 1 {
		t.Errorf("%d hits, want 1", hits())
	}
}

func TestInject_LeavesReadsAloneWhereOnlyWritesCount(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Inject(aws.Fault{Operation: "iam:*", Mutating: true, After: 1, Times: 2, Code: "Oops"})

	client := iam.NewFromConfig(once(d))
	role(t, once(d), "first")

	_, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: sdk.String("first")})
	wantCode(t, err, "")

	for _, want := range []string{"Oops", "Oops", ""} {
		_, err := client.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: sdk.String("first")})
		wantCode(t, err, want)
	}
}

func TestInject_CutsBeforeAWSActs(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Inject(aws.Fault{Operation: "iam:CreateRole", Cut: true})

	role(t, d.Counted(aws.Region), "kept") // the SDK's retry is the first that AWS sees

	if n := d.Count("iam:CreateRole"); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}

	if first := d.Calls()[0]; first.Status != 0 || !first.Injected {
		t.Errorf("first call is %+v, want one without an answer", first)
	}
}

func TestInject_LosesTheAnswerOfACallThatWasDone(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Inject(aws.Fault{Operation: "iam:CreateRole", LoseAnswer: true})

	_, err := iam.NewFromConfig(d.Counted(aws.Region)).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: sdk.String("done"), AssumeRolePolicyDocument: sdk.String(anyTrust),
	})
	wantCode(t, err, "EntityAlreadyExists")
}

func TestInject_AnswersPagesAndWaits(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client := ecr.NewFromConfig(once(d))

	d.Inject(aws.Fault{Operation: "ecr:DescribeRepositories", Status: 503, HTML: true, RetryAfter: 7 * time.Second})

	_, err := client.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{})

	var response *awshttp.ResponseError
	if !errors.As(err, &response) {
		t.Fatalf("error is %v, want one with a response", err)
	}

	header := response.Response.Header
	if response.HTTPStatusCode() != http.StatusServiceUnavailable || header.Get("Retry-After") != "7" ||
		header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("answer is %d with %v", response.HTTPStatusCode(), header)
	}

	d.Reset()

	const delay = 300 * time.Millisecond

	d.Inject(aws.Fault{Operation: "ecr:*", Delay: delay})

	begin := time.Now()
	_, err = client.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{})
	wantCode(t, err, "")

	if took := time.Since(begin); took < delay {
		t.Errorf("took %s, want at least %s", took, delay)
	}
}

func TestInject_DoesNotConcernThoseWhoLook(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Inject(aws.Fault{Operation: "*", Times: -1, Code: "Oops"})

	_, err := sts.NewFromConfig(d.Config(aws.Region)).GetCallerIdentity(t.Context(), nil)
	wantCode(t, err, "")
}
