package live_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
)

// The example of the guide "A stack on AWS" does what the guide says.
func TestAWS_OneApplyMakesAStackOnSageMaker(t *testing.T) {
	t.Parallel()

	var home *zenml.Home
	if os.Getenv(zenml.Variable) != "" {
		home = zenml.New(t)
	}

	a := inAWS(t, awsExample(t, "aws-sagemaker"))

	first := a.plan()
	if calls := a.calls(); len(calls) > 0 || first.of(awsStackAddress) != "create" {
		t.Errorf("the first plan has asked more than whose login it is: %v", calls)
	}

	a.apply()

	if calls := a.calls(); len(calls) > 30 {
		t.Errorf("apply took %d calls: %v", len(calls), calls)
	}

	a.settled()

	if calls := a.calls(); len(calls) > 30 || slices.ContainsFunc(calls, writes) {
		t.Errorf("a plan with nothing to do took %d calls: %v", len(calls), calls)
	}

	a.hasBucket()
	a.hasRepository()
	a.hasRoles()

	planned := first.after(awsStackAddress, "zenml_yaml")
	exported := a.does("output", "-raw", "zenml_yaml")

	if planned != exported {
		t.Errorf("the first plan has shown other YAML:\n%s\nthan there is:\n%s", planned, exported)
	}

	if home != nil {
		home.Import(t, []byte(exported))

		if again := string(home.Export(t, "aws")); again != exported {
			t.Errorf("zenml stack export writes\n%s\nand the provider wrote\n%s", again, exported)
		}
	} else {
		t.Logf("report: the YAML was not given to ZenML: %s is not set", zenml.Variable)
	}

	a.leavesNothing()
}

// writes says that an operation changes something.
func writes(operation string) bool {
	_, name, _ := strings.Cut(operation, ":")

	return !slices.ContainsFunc([]string{"Get", "List", "Describe", "BatchGet", "Head"}, func(verb string) bool { return strings.HasPrefix(name, verb) })
}

func (a *account) hasBucket() {
	a.t.Helper()

	client, name := a.s3(), sdk.String(a.bucket())

	versions, err := client.GetBucketVersioning(a.t.Context(), &s3.GetBucketVersioningInput{Bucket: name})
	must(a.t, err)

	public, err := client.GetPublicAccessBlock(a.t.Context(), &s3.GetPublicAccessBlockInput{Bucket: name})
	must(a.t, err)

	policy, err := client.GetBucketPolicy(a.t.Context(), &s3.GetBucketPolicyInput{Bucket: name})
	must(a.t, err)

	tags, err := client.GetBucketTagging(a.t.Context(), &s3.GetBucketTaggingInput{Bucket: name})
	must(a.t, err)

	owner := map[string]string{}
	for _, tag := range tags.TagSet {
		owner[sdk.ToString(tag.Key)] = sdk.ToString(tag.Value)
	}

	delete(owner, "mlstacks:incarnation")

	if versions.Status != "Enabled" || !*public.PublicAccessBlockConfiguration.BlockPublicPolicy || !strings.Contains(*policy.Policy, "aws:SecureTransport") ||
		!maps.Equal(owner, map[string]string{"team": "ml", "mlstacks:kind": "artifact_store", "mlstacks:flavor": "s3", "mlstacks:name": "artifacts"}) {
		a.t.Errorf("the bucket is %+v, %+v, %s, %v", versions, public.PublicAccessBlockConfiguration, *policy.Policy, owner)
	}
}

func (a *account) hasRepository() {
	a.t.Helper()

	found, err := a.ecr().DescribeRepositories(a.t.Context(), &ecr.DescribeRepositoriesInput{RepositoryNames: []string{"acme/ml"}})
	must(a.t, err)

	if one := found.Repositories[0]; !one.ImageScanningConfiguration.ScanOnPush || one.ImageTagMutability != "MUTABLE" {
		a.t.Errorf("the repository is %+v", one)
	}
}

// hasRoles looks at everything that was granted: no policy of AWS's own, and nothing on everything.
func (a *account) hasRoles() {
	a.t.Helper()

	client, ctx := a.iam(), a.t.Context()

	roles, err := client.ListRoles(ctx, &iam.ListRolesInput{PathPrefix: sdk.String("/mlstacks/")})
	must(a.t, err)

	var names []string

	for _, role := range roles.Roles {
		names = append(names, *role.RoleName)

		attached, err := client.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: role.RoleName})
		must(a.t, err)

		inline, err := client.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: role.RoleName})
		must(a.t, err)

		if len(attached.AttachedPolicies) != 0 || len(inline.PolicyNames) != 1 {
			a.t.Errorf("role %s has the policies %v and %v", *role.RoleName, attached.AttachedPolicies, inline.PolicyNames)
		}
	}

	slices.Sort(names)

	if !slices.Equal(names, []string{
		"builds-codebuild-eu-west-1", "pipelines-sagemaker-orchestrator-eu-west-1", "training-sagemaker-step-operator-eu-west-1",
	}) {
		a.t.Errorf("the roles are %q", names)
	}

	policies, err := client.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: iamtypes.PolicyScopeTypeLocal, PathPrefix: sdk.String("/mlstacks/")})
	must(a.t, err)

	if len(policies.Policies) != 4 {
		a.t.Errorf("there are %d policies for clients: %+v", len(policies.Policies), policies.Policies)
	}

	for _, one := range policies.Policies {
		if *one.AttachmentCount != 0 {
			a.t.Errorf("policy %s is attached to somebody", *one.PolicyName)
		}
	}
}

func (a *account) s3() *s3.Client {
	return s3.NewFromConfig(a.double.Config(aws.Region), func(o *s3.Options) { o.UsePathStyle = true })
}

func (a *account) ecr() *ecr.Client { return ecr.NewFromConfig(a.double.Config(aws.Region)) }

func (a *account) iam() *iam.Client { return iam.NewFromConfig(a.double.Config(aws.Region)) }

func (a *account) codebuild() *codebuild.Client {
	return codebuild.NewFromConfig(a.double.Config(aws.Region))
}

// Secrets go to AWS, and to nobody's plan, state or log.
func TestAWS_WritesNoSecretDown(t *testing.T) {
	t.Parallel()

	secrets := map[string]string{
		"database": "Zq83hTjwLmXvRr20PbNs", "key": "AKIAQ7XW2M5TFJ3N8LDB", "secret": "p0Vq2Yc8Hk5Zt1Wn7Rb4Xs9Lm3Jd6Gf", "token": "FwoGZXIvYXdzEBYaDKv1s8Zp0Qn4",
	}

	a := inAWS(t, `
variable "secrets" {
  type      = map(string)
  ephemeral = true
}
resource "mlstacks_secrets_manager" "main" {
  name = "server"
  aws  = {
    secrets_wo           = { database = var.secrets.database }
    secrets_wo_version   = 1
    recovery_window_days = 0
  }
}
resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3 = {
    bucket            = "BUCKET"
    key_wo            = var.secrets.key
    key_wo_version    = 1
    secret_wo         = var.secrets.secret
    secret_wo_version = 1
    token_wo          = var.secrets.token
    token_wo_version  = 1
  }
}
`)

	text, err := json.Marshal(secrets)
	must(t, err)

	a.environment = []string{"TF_VAR_secrets=" + string(text), "AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEJ3sessionOfNobody"}
	a.secrets.add("session token of the login", "IQoJb3JpZ2luX2VjEJ3sessionOfNobody")

	for what, value := range secrets {
		a.secrets.add(what, value)
	}

	a.plan()
	a.apply()
	a.settled()
	a.double.Inject(aws.Fault{Operation: "s3:GetBucketVersioning", Code: "AccessDenied", Times: 1})
	a.fails([]string{"plan"}, "s3:GetBucketVersioning")
	a.leavesNothing()
}
