package aws_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestPropagate_NewRolesAreUnknownForAWhile(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	before := role(t, once(d), "before")
	d.Propagate(2)
	arn := role(t, once(d), "late")

	ctx, bucket := t.Context(), bucketName(d, "policy")
	makeBucket(t, once(d), bucket)

	ids := subnets(t, d.Config(aws.Region))
	calls := map[string]struct {
		code, words string
		call        func() error
	}{
		"codebuild": {"InvalidInputException", "not authorized to perform: sts:AssumeRole on " + arn, func() error {
			_, err := codebuild.NewFromConfig(once(d)).CreateProject(ctx, project("late", arn))

			return err
		}},
		"eks": {"InvalidParameterException", "does not exist", func() error {
			_, err := eks.NewFromConfig(once(d)).CreateCluster(ctx, &eks.CreateClusterInput{
				Name: sdk.String("c"), RoleArn: &arn, ResourcesVpcConfig: &types.VpcConfigRequest{SubnetIds: ids},
			})

			return err
		}},
		"iam": {"MalformedPolicyDocument", "Invalid principal", func() error {
			_, err := iam.NewFromConfig(once(d)).UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: sdk.String("before"), PolicyDocument: sdk.String(strings.Replace(anyTrust, `"Service":"codebuild.amazonaws.com"`, `"AWS":"`+arn+`"`, 1)),
			})

			return err
		}},
		"s3": {"MalformedPolicy", "Invalid principal", func() error {
			_, err := s3.NewFromConfig(once(d)).PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: sdk.String(
				`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + arn + `"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::` + bucket + `/*"}]}`,
			)})

			return err
		}},
		"sagemaker": {"ValidationException", "Could not assume role " + arn, func() error {
			_, err := sagemaker.NewFromConfig(once(d)).CreatePipeline(ctx, &sagemaker.CreatePipelineInput{
				PipelineName: sdk.String("p"), RoleArn: &arn, PipelineDefinition: sdk.String(`{"Version":"2020-12-01","Steps":[]}`),
			})

			return err
		}},
	}

	for service, c := range calls {
		for range 2 {
			if err := c.call(); codeOf(err) != c.code || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%s: error is %v, want %s with %q", service, err, c.code, c.words)
			}
		}

		if err := c.call(); err != nil {
			t.Errorf("%s: third call: %v", service, err)
		}
	}

	_, err := codebuild.NewFromConfig(once(d)).CreateProject(ctx, project("soon", before))
	wantCode(t, err, "") // roles that were there before are known
}

func TestPropagate_EntriesAndPodsOfNewRolesHaveToWait(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Propagate(1)
	client, _ := newCluster(t, d, "c")
	arn, name, ctx := role(t, once(d), "late"), sdk.String("c"), t.Context()

	entry := &eks.CreateAccessEntryInput{ClusterName: name, PrincipalArn: &arn}
	_, err := client.CreateAccessEntry(ctx, entry)
	wantCode(t, err, "InvalidParameterException")
	must[*eks.CreateAccessEntryOutput](t)(client.CreateAccessEntry(ctx, entry))

	pods := &eks.CreatePodIdentityAssociationInput{ClusterName: name, Namespace: sdk.String("n"), ServiceAccount: sdk.String("s"), RoleArn: &arn}
	_, err = client.CreatePodIdentityAssociation(ctx, pods)
	wantCode(t, err, "InvalidParameterException")
	must[*eks.CreatePodIdentityAssociationOutput](t)(client.CreatePodIdentityAssociation(ctx, pods))
}
