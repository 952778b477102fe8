package imagebuilder

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// store and registry are the other components of a stack, as a configuration refers to them.
func store(region string) map[string]any {
	return map[string]any{"name": "artifacts", "type": "artifact_store", "flavor": "s3", "outputs": map[string]any{
		"bucket": "acme-ml", "region": region, "arn": "arn:aws:s3:::acme-ml",
	}}
}

func registry(account string) map[string]any {
	return map[string]any{"name": "images", "type": "container_registry", "flavor": "ecr", "outputs": map[string]any{
		"repositories": "acme/ml,acme/tools", "region": "eu-west-1", "account": account,
		"arn": "arn:aws:ecr:eu-west-1:" + account + ":repository/acme/ml",
	}}
}

func values() flavor.Values {
	return flavor.Values{
		"project": "", "region": "", "role_arn": "", "role_path": "/mlstacks/", "client_policy": true, "log_retention_days": int64(0),
		"build_image": "docker", "compute_type": "BUILD_GENERAL1_SMALL", "implicit_container_registry_auth": true, "custom_env_vars": map[string]any{},
		"artifact_store": store("eu-west-1"), "container_registry": registry("123456789012"),
	}
}

func subject(v flavor.Values, name, account any) flavor.Subject {
	return flavor.Subject{Name: name, Values: v, Outputs: zenml.Unknown{}, Ask: func(fact string) any {
		return map[string]any{"region": "eu-west-1", "account": account}[fact]
	}}
}

func TestCodeBuild_IsKnownAtPlan(t *testing.T) {
	t.Parallel()

	v := values()
	facts := CodeBuild.Facts(Kind(), subject(v, "builds", "123456789012"))

	if want := (map[string]any{
		"code_build_project": "builds", "build_image": "docker", "compute_type": "BUILD_GENERAL1_SMALL", "implicit_container_registry_auth": true,
	}); !maps.Equal(facts.Configuration, want) || facts.Open {
		t.Errorf("configuration is %v", facts.Configuration)
	}

	if want := (map[string]any{
		"project": "builds", "project_arn": "arn:aws:codebuild:eu-west-1:123456789012:project/builds", "log_group": "",
		"role_arn": "arn:aws:iam::123456789012:role/mlstacks/builds-codebuild-eu-west-1", "role_name": "builds-codebuild-eu-west-1",
		"client_policy_arn": "arn:aws:iam::123456789012:policy/mlstacks/builds-codebuild-client-eu-west-1", "region": "eu-west-1", "account": "123456789012",
	}); !maps.Equal(facts.Outputs, want) {
		t.Errorf("outputs are %v", facts.Outputs)
	}

	v["project"], v["role_arn"], v["client_policy"], v["log_retention_days"] = "own", "arn:aws:iam::123456789012:role/own", false, int64(30)
	facts = CodeBuild.Facts(Kind(), subject(v, zenml.Unknown{}, "123456789012"))

	if facts.Configuration["code_build_project"] != "own" || facts.Outputs["role_arn"] != "arn:aws:iam::123456789012:role/own" ||
		facts.Outputs["role_name"] != "" || facts.Outputs["client_policy_arn"] != "" || facts.Outputs["log_group"] != "/aws/codebuild/own" {
		t.Errorf("facts are %+v", facts)
	}
}

func TestCodeBuild_LeavesToApplyWhatIsNotKnown(t *testing.T) {
	t.Parallel()

	v := values()
	facts := CodeBuild.Facts(Kind(), subject(v, "builds", zenml.Unknown{}))

	if !zenml.IsUnknown(facts.Outputs["role_arn"]) || !zenml.IsUnknown(facts.Outputs["project_arn"]) || facts.Outputs["role_name"] == nil ||
		facts.Configuration["code_build_project"] != "builds" || facts.Open {
		t.Errorf("without the account: %+v", facts)
	}

	for _, name := range []string{"project", "role_arn", "client_policy", "log_retention_days"} {
		v := values()
		v[name] = zenml.Unknown{}
		facts := CodeBuild.Facts(Kind(), subject(v, "builds", "123456789012"))

		for output, of := range map[string]string{
			"project": "project", "role_arn": "role_arn", "role_name": "role_arn", "client_policy_arn": "client_policy", "log_group": "log_retention_days",
		} {
			if of == name && !zenml.IsUnknown(facts.Outputs[output]) {
				t.Errorf("%s is unknown, and the output %s is %v", name, output, facts.Outputs[output])
			}
		}
	}

	v["custom_env_vars"] = zenml.Unknown{}
	if !CodeBuild.Facts(Kind(), subject(v, "builds", "123456789012")).Open {
		t.Error("variables that are unknown may turn out to be none")
	}
}

func TestCodeBuild_RefusesWhatCannotServe(t *testing.T) {
	t.Parallel()

	for want, change := range map[string]func(flavor.Values){
		"project: CodeBuild project name":        func(v flavor.Values) { v["project"] = "a b" },
		"role_arn: \"x\" is not an ARN":          func(v flavor.Values) { v["role_arn"] = "x" },
		"compute_type: \"SMALL\" is no type":     func(v flavor.Values) { v["compute_type"] = "SMALL" },
		"artifact_store: the bucket":             func(v flavor.Values) { v["artifact_store"] = store("us-east-1") },
		"container_registry: container_registry": func(v flavor.Values) { v["container_registry"] = registry("210987654321") },
		"artifact_store: \"images\" is of the":   func(v flavor.Values) { v["artifact_store"] = registry("123456789012") },
	} {
		v := values()
		change(v)

		problems := CodeBuild.Check(Kind(), subject(v, "builds", "123456789012"))
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Detail, want) {
			t.Errorf("want %s, got %+v", want, problems)
		}
	}

	if problems := CodeBuild.Check(Kind(), subject(values(), "builds", "123456789012")); problems != nil {
		t.Errorf("refused: %+v", problems)
	}
}

func TestCodeBuild_AnotherProjectIsAnotherComponent(t *testing.T) {
	t.Parallel()

	one, same, other := flavor.Values{"project": "a1"}, flavor.Values{"project": "a1"}, flavor.Values{"project": zenml.Unknown{}}
	if CodeBuild.Replaces(one, same) != nil || len(CodeBuild.Replaces(one, other)) != 1 {
		t.Error("replaces at the wrong time")
	}
}

// codeBuilds is a component in a double of AWS.
func codeBuilds(t *testing.T) (*awstest.Double, flavor.Input, codeBuildConfig) {
	t.Helper()

	d := awstest.Start(t)
	cfg := codeBuildAdopt("")
	cfg.Project, cfg.Image, cfg.Compute, cfg.Timeout, cfg.Privileged = aws.String(""), "docker", "BUILD_GENERAL1_SMALL", 60, true
	cfg.Store = &amazon.Reference{Name: "artifacts", Type: "artifact_store", Flavor: "s3", Outputs: map[string]string{"bucket": "acme-ml", "region": "eu-west-1"}}
	cfg.Registry = &amazon.Reference{Name: "images", Type: "container_registry", Flavor: "ecr", Outputs: map[string]string{
		"repositories": "acme/ml,acme/tools", "region": "eu-west-1", "account": d.Account,
	}}

	return d, flavor.Input{
		Kind: "image_builder", Name: "builds", Was: "builds", Managed: true, Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(d.Login())}},
	}, cfg
}

func create(t *testing.T, in *flavor.Input, cfg codeBuildConfig) flavor.Result {
	t.Helper()

	result, err := codeBuildDriver.Create(t.Context(), *in, cfg)
	if err != nil {
		t.Fatal(err)
	}

	in.Outputs, in.Incarnation = result.Outputs, result.Incarnation

	return result
}

func TestCodeBuild_RoleReachesBucketAndRepositoriesAlone(t *testing.T) {
	t.Parallel()

	d, in, cfg := codeBuilds(t)
	cfg.KMSKey = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
	result := create(t, &in, cfg)

	answer, err := iam.NewFromConfig(d.Config(awstest.Region)).GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{
		RoleName: aws.String(result.Outputs["role_name"]), PolicyName: aws.String("build"),
	})
	if err != nil {
		t.Fatal(err)
	}

	text := strings.NewReplacer("%3A", ":", "%2F", "/", "%2A", "*", "%22", `"`).Replace(*answer.PolicyDocument)
	for _, arn := range []string{
		"arn:aws:s3:::acme-ml/*", "arn:aws:ecr:eu-west-1:" + d.Account + ":repository/acme/ml", "arn:aws:ecr:eu-west-1:" + d.Account + ":repository/acme/tools",
		"arn:aws:logs:eu-west-1:" + d.Account + ":log-group:/aws/codebuild/builds", cfg.KMSKey,
	} {
		if !strings.Contains(text, `"`+arn+`"`) {
			t.Errorf("%s is not in %s", arn, text)
		}
	}
}

func TestCodeBuild_OwnRoleComesAndGoes(t *testing.T) {
	t.Parallel()

	d, in, cfg := codeBuilds(t)
	own := create(t, &in, cfg).Outputs["role_name"]

	next := cfg
	next.RoleARN = "arn:aws:iam::" + d.Account + ":role/given"

	result, err := codeBuildDriver.Update(t.Context(), in, "builds", cfg, next)
	if err != nil || result.Outputs["role_arn"] != next.RoleARN || result.Outputs["role_name"] != "" {
		t.Fatalf("update: %+v, %v", result, err)
	}

	client := iam.NewFromConfig(d.Config(awstest.Region))
	if _, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(own)}); !session.Is(err, "NoSuchEntity") {
		t.Errorf("the component's own role is left: %v", err)
	}

	in.Outputs = result.Outputs

	if observed, read, err := codeBuildDriver.Read(t.Context(), in, "builds", next); err != nil || observed.RoleARN != next.RoleARN || len(read.Drift) > 0 {
		t.Errorf("read: %+v, %+v, %v", observed, read, err)
	}

	// Somebody exchanges the role by hand: that shows on the attribute.
	builds := codebuild.NewFromConfig(d.Config(awstest.Region))
	if _, err := builds.UpdateProject(t.Context(), &codebuild.UpdateProjectInput{Name: aws.String("builds"), ServiceRole: aws.String("arn:aws:iam::1:role/x")}); err != nil {
		t.Fatal(err)
	}

	if observed, _, err := codeBuildDriver.Read(t.Context(), in, "builds", next); err != nil || observed.RoleARN != "arn:aws:iam::1:role/x" {
		t.Errorf("read: %+v, %v", observed, err)
	}

	if _, err := codeBuildDriver.Update(t.Context(), in, "builds", next, cfg); err != nil {
		t.Errorf("back to a role of its own: %v", err)
	}
}

func TestCodeBuild_LogsCanBeLeftToCodeBuildAgain(t *testing.T) {
	t.Parallel()

	_, in, cfg := codeBuilds(t)
	cfg.LogRetention = 30

	if result := create(t, &in, cfg); result.Outputs["log_group"] != "/aws/codebuild/builds" {
		t.Errorf("outputs are %v", result.Outputs)
	}

	observed, read, err := codeBuildDriver.Read(t.Context(), in, "builds", cfg)
	if err != nil || observed.LogRetention != 30 || len(read.Drift) > 0 {
		t.Errorf("read: %+v, %+v, %v", observed, read, err)
	}

	next := cfg
	next.LogRetention = 0

	result, err := codeBuildDriver.Update(t.Context(), in, "builds", cfg, next)
	if err != nil || result.Outputs["log_group"] != "" {
		t.Errorf("update: %+v, %v", result, err)
	}
}

func TestCodeBuild_IsImportedByItsProject(t *testing.T) {
	t.Parallel()

	d, in, cfg := codeBuilds(t)
	result := create(t, &in, cfg)

	blank := in
	blank.Name, blank.Was, blank.Incarnation, blank.Outputs = "", "", "", nil

	observed, read, err := codeBuildDriver.Read(t.Context(), blank, "builds", codeBuildConfig{})
	if err != nil || read.Name != "builds" || observed.Project != nil || observed.RoleARN != "" || observed.Timeout != 60 || len(read.Drift) > 0 {
		t.Fatalf("import: %+v, %+v, %v", observed, read, err)
	}

	if !maps.Equal(read.Outputs, result.Outputs) {
		t.Errorf("outputs are %v, and were %v", read.Outputs, result.Outputs)
	}

	// One that mlstacks did not make has a name and a role of its own.
	builds := codebuild.NewFromConfig(d.Config(awstest.Region))

	project, err := builds.BatchGetProjects(t.Context(), &codebuild.BatchGetProjectsInput{Names: []string{"builds"}})
	if err != nil {
		t.Fatal(err)
	}

	like, given := project.Projects[0], "arn:aws:iam::"+d.Account+":role/theirs"
	if _, err := builds.CreateProject(t.Context(), &codebuild.CreateProjectInput{
		Name: aws.String("theirs"), ServiceRole: aws.String(given), Source: like.Source, Artifacts: like.Artifacts, Environment: like.Environment,
	}); err != nil {
		t.Fatal(err)
	}

	observed, _, err = codeBuildDriver.Read(t.Context(), blank, "theirs", codeBuildConfig{})
	if err != nil || *observed.Project != "theirs" || observed.RoleARN != given {
		t.Fatalf("import: %+v, %v", observed, err)
	}

	taken := in
	taken.Outputs = nil

	_, err = codeBuildDriver.Update(t.Context(), taken, "theirs", observed, cfg)

	fault, ok := errors.AsType[*flavor.AttributeError](err)
	if !ok || !slices.Equal(fault.Attribute, []string{"project"}) || !strings.Contains(fault.Fix, `project = "theirs"`) {
		t.Errorf("update under another name: %v", err)
	}
}
