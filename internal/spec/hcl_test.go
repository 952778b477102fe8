package spec

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

// every is a stack of one component for each provider, type and flavor that the tool took.
func every(t *testing.T, visit func(t *testing.T, provider, kind, flavor string, s Stack, problems []Problem)) {
	t.Helper()

	count := 0

	for _, provider := range providers() {
		for _, kind := range kindsOf(provider) {
			for _, flavor := range flavorsOf(provider, kind) {
				count++

				t.Run(provider+"/"+kind+"/"+flavor, func(t *testing.T) {
					t.Parallel()

					s, problems := Parse(stackYAML(provider, "only_"+flavor, flavor+".yaml"), []string{componentYAML(provider, kind, flavor, "The_"+flavor, "project_id: acme")}, Options{})
					visit(t, provider, kind, flavor, s, problems)
				})
			}
		}
	}

	if count != 31 {
		t.Errorf("the tool took 31 flavors by provider and type, and here are %d", count)
	}
}

func TestHCL_OfEveryFlavorIsFormattedAndRefersToWhatIsThere(t *testing.T) {
	t.Parallel()

	every(t, func(t *testing.T, provider, kind, flavor string, s Stack, problems []Problem) {
		t.Helper()

		for _, p := range problems {
			if p.Severity == compose.Error {
				t.Errorf("%s: %s (%s)", p, p.Message, p.Rule)
			}
		}

		if len(s.Components) != 1 || s.Components[0].Type != kind || s.Components[0].ToolFlavor != flavor || s.Components[0].Provider != provider || s.Components[0].Flavor == "" {
			t.Errorf("the component is %+v", s.Components)
		}

		sound(t, s.HCL)
	})
}

// sound holds a configuration to what can be told without the CLI.
func sound(t *testing.T, text string) *hcl.File {
	t.Helper()

	if formatted := string(hclwrite.Format([]byte(text))); formatted != text {
		t.Errorf("it is not formatted:\n%s", text)
	}

	file, diags := hclsyntax.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s\n%s", diags, text)
	}

	declared := map[string]bool{}

	body, ok := file.Body.(*hclsyntax.Body)
	if !ok {
		t.Fatalf("body of type %T", file.Body)
	}

	for _, block := range body.Blocks {
		switch block.Type {
		case "resource":
			if address := strings.Join(block.Labels, "."); declared[address] {
				t.Errorf("%s is there twice", address)
			}

			declared[strings.Join(block.Labels, ".")] = true
		case "variable":
			declared["var."+block.Labels[0]] = true
		}
	}

	for _, reference := range regexp.MustCompile(`(?m)^[^#]*?\b((?:mlstacks_\w+|var)\.[\w-]+)`).FindAllStringSubmatch(text, -1) {
		if !declared[reference[1]] {
			t.Errorf("%s is nowhere:\n%s", reference[1], text)
		}
	}

	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") && len(line) > maxComment+60 { // a long word cannot be broken
			t.Errorf("too long: %s", line)
		}
	}

	return file
}

func TestHCL_WhatCannotBeCarriedOverIsACommentAndAWarning(t *testing.T) {
	t.Parallel()

	s, problems := Parse(stackYAML(k3d, "laptop", "models.yaml"), []string{componentYAML(k3d, kindModels, "seldon", "models")}, Options{})

	found := false
	for _, p := range problems {
		found = found || p.Rule == RuleCarry && p.Severity == compose.Warning && p.String() == "component_yaml[0] (models.yaml):4:19"
	}

	if !found {
		t.Errorf("no warning about it: %v", problems)
	}

	for _, want := range []string{"# component_yaml[0] (models.yaml):4:19: This provider has no flavor seldon", "# resource \"mlstacks_model_deployer\" \"models\" {\n#   name = \"models\"\n"} {
		if !strings.Contains(s.HCL, want) {
			t.Errorf("no %q in\n%s", want, s.HCL)
		}
	}

	if regexp.MustCompile(`(?m)^[^#]*model_deployer`).MatchString(s.HCL) {
		t.Errorf("the model deployer is more than a comment:\n%s", s.HCL)
	}
}

func TestHCL_QuotesWhateverTheFilesHold(t *testing.T) {
	t.Parallel()

	stack := stackYAML(aws, "quoting", "store.yaml") + "default_tags:\n  \"${path.module}\": \"%{ if true }\\n\\\"x\\\"\"\n  \"for\": \"ü ✓ 語\"\n  plain: \"\"\n"
	s, problems := Parse(stack, []string{componentYAML(aws, kindStore, "s3", "store", "bucket_name: acme")}, Options{})

	if len(problems) > 0 {
		t.Fatal(problems)
	}

	sound(t, s.HCL)

	for _, want := range []string{`"$${path.module}" = "%%{ if true }\n\"x\""`, `ü ✓ 語`, `bucket = "zenml-acme"`} {
		if !strings.Contains(s.HCL, want) {
			t.Errorf("no %s in\n%s", want, s.HCL)
		}
	}
}

func TestHCL_RefersFromComponentToComponent(t *testing.T) {
	t.Parallel()

	files := []string{
		componentYAML(aws, kindStep, "sagemaker", "training"), componentYAML(aws, kindOrchestrator, "sagemaker", "pipelines"),
		componentYAML(aws, kindRegistry, "aws", "images", "repo_name: acme/ml"), componentYAML(aws, kindTracker, "mlflow", "runs", "mlflow_bucket: acme-runs", "experiment_name: churn"),
		componentYAML(aws, kindStore, "s3", "1st_store", "bucket_name: acme"),
	}
	s, problems := Parse(stackYAML(aws, "all", "a", "b", "c", "d", "e")+"default_region: eu-west-1\n", files, Options{StateURL: "s3://acme-state"})
	refuseErrors(t, problems)
	sound(t, s.HCL)

	for _, want := range []string{
		"artifact_store     = mlstacks_artifact_store._1st_store\n    container_registry = mlstacks_container_registry.images",
		"artifact_store  = mlstacks_artifact_store.mlflow\n    experiment_name = \"churn\"",
		"managed = false\n  s3 = {\n    bucket = \"acme-runs\"",
		"step_operator      = mlstacks_step_operator.training", "aws = {\n    region = \"eu-west-1\"",
		"backend \"s3\" {\n    bucket       = \"acme-state\"\n    key          = \"mlstacks/all.tfstate\"\n    region       = \"eu-west-1\"",
	} {
		if !strings.Contains(s.HCL, want) {
			t.Errorf("no %s in\n%s", want, s.HCL)
		}
	}
}

func refuseErrors(t *testing.T, problems []Problem) {
	t.Helper()

	for _, p := range problems {
		if p.Severity == compose.Error {
			t.Errorf("%s: %s (%s)", p, p.Message, p.Rule)
		}
	}
}

// A secret that is a number lacks its quotes, and what is said of that does not repeat it.
func TestHCL_SecretsThatAreNumbersAreNowhere(t *testing.T) {
	t.Parallel()

	_, problems := Parse(stackYAML(k3d, "secrets", "a"), []string{componentYAML(k3d, kindTracker, "mlflow", "runs", "mlflow-password: 8675309")}, Options{})
	hasError(t, problems, RuleTexts, "component_yaml[0] (a):9:22", "mlflow-password")

	if all := fmt.Sprintf("%+v", problems); strings.Contains(all, "8675309") {
		t.Errorf("the secret is in %s", all)
	}
}

func TestHCL_SecretsOfTheFilesAreNowhere(t *testing.T) {
	t.Parallel()

	secrets := map[string][]string{
		aws: {"mlflow-password", "mlflow-artifact-S3-access-key", "mlflow-artifact-S3-secret-key", "zenml-password", "zenml-database-url"},
		gcp: {"mlflow-password", "zenml-password", "zenml-database-url"},
		k3d: {"mlflow-password", "zenml-minio-store-access-key", "zenml-minio-store-secret-key"},
	}

	for provider, keys := range secrets {
		config := []string{"project_id: acme"}
		for _, key := range keys {
			config = append(config, key+": s3cr3t-value")
		}

		files := []string{componentYAML(provider, kindTracker, "mlflow", "runs", config...), componentYAML(provider, kindPlatform, "zenml", "server", config...)}
		s, problems := Parse(stackYAML(provider, "secrets", "a", "b"), files, Options{})
		refuseErrors(t, problems)

		if all := fmt.Sprintf("%+v %v %s", s.Components[0].Configuration, problems, s.HCL); strings.Contains(all, "s3cr3t") {
			t.Errorf("%s: a secret is in %s", provider, all)
		}

		for _, key := range keys {
			if !strings.Contains(s.HCL, key+": it ") {
				t.Errorf("%s: nothing is said of %s in\n%s", provider, key, s.HCL)
			}
		}
	}
}
