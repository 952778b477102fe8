package aws_test

import (
	"slices"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	buildtypes "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// project is a small one without a source.
func project(name, role string) *codebuild.CreateProjectInput {
	return &codebuild.CreateProjectInput{
		Name: &name, ServiceRole: &role, ConcurrentBuildLimit: sdk.Int32(3),
		Artifacts:   &buildtypes.ProjectArtifacts{Type: buildtypes.ArtifactsTypeNoArtifacts},
		Source:      &buildtypes.ProjectSource{Type: buildtypes.SourceTypeNoSource, Buildspec: sdk.String("version: 0.2")},
		Environment: &buildtypes.ProjectEnvironment{Type: buildtypes.EnvironmentTypeLinuxContainer, ComputeType: buildtypes.ComputeTypeBuildGeneral1Small, Image: sdk.String("image:1")},
	}
}

func TestCodeBuild_UpdatesAndLists(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, arn := codebuild.NewFromConfig(once(d)), role(t, once(d), "build")

	made := must[*codebuild.CreateProjectOutput](t)(client.CreateProject(t.Context(), project("images", arn)))
	if made.Project.Source.Location != nil || *made.Project.TimeoutInMinutes != 60 {
		t.Errorf("made %+v, want no location and the defaults of AWS", made.Project)
	}

	updated := must[*codebuild.UpdateProjectOutput](t)(client.UpdateProject(t.Context(), &codebuild.UpdateProjectInput{
		Name: sdk.String("images"), Description: sdk.String("new"), Tags: []buildtypes.Tag{{Key: sdk.String("k"), Value: sdk.String("v")}},
	}))
	if *updated.Project.Description != "new" || *updated.Project.ConcurrentBuildLimit != 3 {
		t.Errorf("updated to %+v", updated.Project)
	}

	got := must[*codebuild.BatchGetProjectsOutput](t)(client.BatchGetProjects(t.Context(), &codebuild.BatchGetProjectsInput{Names: []string{"images", "none"}}))
	if !slices.Equal(got.ProjectsNotFound, []string{"none"}) || len(got.Projects) != 1 {
		t.Fatalf("found %v, not %v", got.Projects, got.ProjectsNotFound)
	}

	if p := got.Projects[0]; *p.Description != "new" || *p.ConcurrentBuildLimit != 3 || len(p.Tags) != 1 || *p.Environment.Image != "image:1" ||
		*p.ServiceRole != arn || p.Source.Location != nil || *p.QueuedTimeoutInMinutes != 480 {
		t.Errorf("project is %+v", p)
	}

	must[*codebuild.DeleteProjectOutput](t)(client.DeleteProject(t.Context(), &codebuild.DeleteProjectInput{Name: sdk.String("images")}))
	_, err := client.UpdateProject(t.Context(), &codebuild.UpdateProjectInput{Name: sdk.String("images")})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestECR_TurnsScansOffAndHasLoginsThatLast(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := ecr.NewFromConfig(once(d)), sdk.String("models")
	must[*ecr.CreateRepositoryOutput](t)(client.CreateRepository(t.Context(), &ecr.CreateRepositoryInput{
		RepositoryName: name, ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: true},
	}))

	for _, on := range []bool{false, true, false} {
		put := must[*ecr.PutImageScanningConfigurationOutput](t)(client.PutImageScanningConfiguration(t.Context(), &ecr.PutImageScanningConfigurationInput{
			RepositoryName: name, ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: on},
		}))
		got := must[*ecr.DescribeRepositoriesOutput](t)(client.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{}))

		if scan := got.Repositories[0].ImageScanningConfiguration.ScanOnPush; scan != on || put.ImageScanningConfiguration.ScanOnPush != on {
			t.Errorf("scans are %v, want %v", scan, on)
		}
	}

	must[*ecr.DeleteRepositoryOutput](t)(client.DeleteRepository(t.Context(), &ecr.DeleteRepositoryInput{RepositoryName: name}))

	login := must[*ecr.GetAuthorizationTokenOutput](t)(client.GetAuthorizationToken(t.Context(), &ecr.GetAuthorizationTokenInput{}))
	if left := time.Until(*login.AuthorizationData[0].ExpiresAt); left < 11*time.Hour || left > 12*time.Hour {
		t.Errorf("the login lasts %s, want 12 h", left)
	}
}

func TestSageMaker_DeletesGroupsAndRefusesASecond(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := sagemaker.NewFromConfig(once(d)), sdk.String("models")
	create := func() error {
		_, err := client.CreateModelPackageGroup(t.Context(), &sagemaker.CreateModelPackageGroupInput{ModelPackageGroupName: name})

		return err
	}

	wantCode(t, create(), "")
	wantCode(t, create(), "ConflictException")

	_, err := client.CreateModelPackage(t.Context(), &sagemaker.CreateModelPackageInput{ModelPackageGroupName: name})
	wantCode(t, err, "")
	_, err = client.DeleteModelPackageGroup(t.Context(), &sagemaker.DeleteModelPackageGroupInput{ModelPackageGroupName: name})
	wantCode(t, err, "ConflictException")

	other := sdk.String("empty")
	must[*sagemaker.CreateModelPackageGroupOutput](t)(client.CreateModelPackageGroup(t.Context(), &sagemaker.CreateModelPackageGroupInput{ModelPackageGroupName: other}))
	must[*sagemaker.DeleteModelPackageGroupOutput](t)(client.DeleteModelPackageGroup(t.Context(), &sagemaker.DeleteModelPackageGroupInput{ModelPackageGroupName: other}))

	_, err = client.DescribeModelPackageGroup(t.Context(), &sagemaker.DescribeModelPackageGroupInput{ModelPackageGroupName: other})
	wantCode(t, err, "ValidationException")

	list := must[*sagemaker.ListModelPackageGroupsOutput](t)(client.ListModelPackageGroups(t.Context(), &sagemaker.ListModelPackageGroupsInput{}))
	if len(list.ModelPackageGroupSummaryList) != 1 {
		t.Errorf("groups are %v, want one", list.ModelPackageGroupSummaryList)
	}
}

func TestSageMaker_SaysThatAPipelineIsMissing(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := sagemaker.NewFromConfig(once(d)), sdk.String("none")

	_, err := client.DescribePipeline(t.Context(), &sagemaker.DescribePipelineInput{PipelineName: name})
	wantCode(t, err, "ResourceNotFound")
	_, err = client.DeletePipeline(t.Context(), &sagemaker.DeletePipelineInput{PipelineName: name, ClientRequestToken: sdk.String("0123456789012345678901234567890123")})
	wantCode(t, err, "ResourceNotFound")
}

func TestSecretsManager_RefusesANameThatIsBeingDeleted(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := secretsmanager.NewFromConfig(once(d)), sdk.String("stack/secret")
	create := func() error {
		_, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: name, SecretString: sdk.String("x")})

		return err
	}

	wantCode(t, create(), "")
	wantCode(t, create(), "ResourceExistsException")
	must[*secretsmanager.DeleteSecretOutput](t)(client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: name}))
	wantCode(t, create(), "InvalidRequestException")
	must[*secretsmanager.RestoreSecretOutput](t)(client.RestoreSecret(t.Context(), &secretsmanager.RestoreSecretInput{SecretId: name}))
	wantCode(t, create(), "ResourceExistsException")
}

func TestIAM_KeepsPoliciesThatAreInUse(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, ctx, who := iam.NewFromConfig(once(d)), t.Context(), sdk.String("user")
	role(t, once(d), *who)

	document := sdk.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`)
	arn := must[*iam.CreatePolicyOutput](t)(client.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: sdk.String("p"), PolicyDocument: document})).Policy.Arn
	remove := func() error {
		_, err := client.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: arn})

		return err
	}

	must[*iam.AttachRolePolicyOutput](t)(client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: who, PolicyArn: arn}))
	wantCode(t, remove(), "DeleteConflict")
	must[*iam.DetachRolePolicyOutput](t)(client.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: who, PolicyArn: arn}))

	version := must[*iam.CreatePolicyVersionOutput](t)(client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: document}))
	wantCode(t, remove(), "DeleteConflict")
	must[*iam.DeletePolicyVersionOutput](t)(client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: version.PolicyVersion.VersionId}))
	wantCode(t, remove(), "")
	wantCode(t, remove(), "NoSuchEntity")

	// AWS's own are there.
	must[*iam.AttachRolePolicyOutput](t)(client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{
		RoleName: who, PolicyArn: sdk.String("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
	}))
}
