package live_test

import (
	"context"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	buildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// uses are what SageMaker and CodeBuild work with. They are no part of what drifts.
const uses = `
provider "mlstacks" { default_labels = { team = "ml" } }
resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "BUCKET" }
}
resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}
`

const driftingRoles = uses + `
resource "mlstacks_orchestrator" "main" {
  name = "pipelines"
  sagemaker = {
    artifact_store     = mlstacks_artifact_store.main
    container_registry = mlstacks_container_registry.main
    schedules          = true
  }
}
`

func TestAWS_RolesThatSomebodyChangedAreRepaired(t *testing.T) {
	t.Parallel()

	const (
		execution = "pipelines-sagemaker-orchestrator-eu-west-1"
		scheduler = "pipelines-sagemaker-scheduler-eu-west-1"
		client    = "pipelines-sagemaker-orchestrator-client-eu-west-1"
		anybody   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}]}`
		anything  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	)

	drifts(t, pipelinesAddress, driftingRoles, []tampering{
		{"trust", func(ctx context.Context, a *account) error {
			_, err := a.iam().UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: sdk.String(execution), PolicyDocument: sdk.String(anybody)})

			return err
		}, []string{`: role "` + execution + `" trusts others than it should`}},
		{"what the role may do", func(ctx context.Context, a *account) error {
			_, err := a.iam().PutRolePolicy(ctx, &iam.PutRolePolicyInput{
				RoleName: sdk.String(execution), PolicyName: sdk.String("runtime"), PolicyDocument: sdk.String(anything),
			})

			return err
		}, []string{`: policy "runtime" of role "` + execution + `" is not as it should be`}},
		{"nothing that the role may do", func(ctx context.Context, a *account) error {
			_, err := a.iam().DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: sdk.String(execution), PolicyName: sdk.String("runtime")})

			return err
		}, []string{`: policy "runtime" of role "` + execution + `" does not exist`}},
		{"boundary", func(ctx context.Context, a *account) error {
			_, err := a.iam().PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{
				RoleName: sdk.String(execution), PermissionsBoundary: sdk.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
			})

			return err
		}, []string{".sagemaker.permissions_boundary"}},
		{"tags", func(ctx context.Context, a *account) error {
			_, err := a.iam().TagRole(ctx, &iam.TagRoleInput{
				RoleName: sdk.String(execution), Tags: []iamtypes.Tag{{Key: sdk.String("team"), Value: sdk.String("web")}},
			})

			return err
		}, []string{`: tag team is "web", should be "ml"`}},
		{"policy for clients", func(ctx context.Context, a *account) error {
			_, err := a.iam().CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
				PolicyArn:      sdk.String("arn:aws:iam::" + a.double.Account + ":policy/mlstacks/" + client),
				PolicyDocument: sdk.String(anything), SetAsDefault: true,
			})

			return err
		}, []string{`: policy "` + client + `" does not say what it should`}},
		{"role for schedules", func(ctx context.Context, a *account) error {
			if _, err := a.iam().DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: sdk.String(scheduler), PolicyName: sdk.String("start")}); err != nil {
				return err
			}

			_, err := a.iam().DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: sdk.String(scheduler)})

			return err
		}, []string{`: role "` + scheduler + `" does not exist`}},
	})
}

const driftingProject = uses + `
resource "mlstacks_image_builder" "main" {
  name = "builds"
  codebuild = {
    artifact_store     = mlstacks_artifact_store.main
    container_registry = mlstacks_container_registry.main
  }
}
`

func TestAWS_ProjectThatSomebodyChangedIsRepaired(t *testing.T) {
	t.Parallel()

	machine := func(change func(*buildtypes.ProjectEnvironment)) func(context.Context, *account) error {
		return func(ctx context.Context, a *account) error {
			found, err := a.codebuild().BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: []string{"builds"}})
			if err != nil {
				return err
			}

			environment := found.Projects[0].Environment
			change(environment)

			_, err = a.codebuild().UpdateProject(ctx, &codebuild.UpdateProjectInput{Name: sdk.String("builds"), Environment: environment})

			return err
		}
	}

	drifts(t, buildsAddress, driftingProject, []tampering{
		{"timeout", func(ctx context.Context, a *account) error {
			_, err := a.codebuild().UpdateProject(ctx, &codebuild.UpdateProjectInput{Name: sdk.String("builds"), TimeoutInMinutes: sdk.Int32(5)})

			return err
		}, []string{".codebuild.timeout_minutes"}},
		{"privileges", machine(func(e *buildtypes.ProjectEnvironment) { e.PrivilegedMode = sdk.Bool(false) }), []string{".codebuild.privileged"}},
		{"image", machine(func(e *buildtypes.ProjectEnvironment) { e.Image = sdk.String("busybox") }), []string{".codebuild.build_image"}},
		{"size", machine(func(e *buildtypes.ProjectEnvironment) { e.ComputeType = buildtypes.ComputeTypeBuildGeneral1Large }), []string{".codebuild.compute_type"}},
		{"what the role may do", func(ctx context.Context, a *account) error {
			_, err := a.iam().DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: sdk.String("builds-codebuild-eu-west-1"), PolicyName: sdk.String("build")})

			return err
		}, []string{`: policy "build" of role "builds-codebuild-eu-west-1" does not exist`}},
		{"tags", func(ctx context.Context, a *account) error {
			_, err := a.codebuild().UpdateProject(ctx, &codebuild.UpdateProjectInput{Name: sdk.String("builds"), Tags: []buildtypes.Tag{
				{Key: sdk.String("mlstacks:kind"), Value: sdk.String("image_builder")},
				{Key: sdk.String("mlstacks:flavor"), Value: sdk.String("codebuild")},
				{Key: sdk.String("mlstacks:name"), Value: sdk.String("builds")},
			}})

			return err
		}, []string{": tag team is missing"}},
	})
}
