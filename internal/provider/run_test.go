package provider_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
)

// The whole way of the quick start: Terraform makes the local stack, the real ZenML imports it and runs a pipeline on
// it, what the pipeline makes lands where Terraform said, and destroy deletes that only with consent.
func TestLocalStack_RunsARealPipeline(t *testing.T) {
	t.Parallel()

	home := zenml.New(t)
	directory := filepath.Join(t.TempDir(), "mlstacks")
	local := configuration(t, filepath.Join(examples, "stacks", "local", "main.tf"))
	variables := func(more config.Variables) config.Variables {
		all := config.Variables{"directory": config.StringVariable(directory)}
		maps.Copy(all, more)

		return all
	}
	consent := config.Variables{"force_destroy": config.BoolVariable(true)}

	acctest.Run(t,
		resource.TestStep{
			Config: local, ConfigVariables: variables(nil),
			Check: func(state *terraform.State) error {
				stack := state.RootModule().Resources["mlstacks_stack.main"].Primary.Attributes
				runPipeline(t, home, directory, stack)

				return nil
			},
		},
		resource.TestStep{ // what the pipeline wrote is no drift
			Config: local, ConfigVariables: variables(nil),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
		resource.TestStep{
			Config: local, ConfigVariables: variables(nil), Destroy: true,
			ExpectError: acctest.SaysAll("holds data", "Nothing was deleted", "force_destroy = true"),
		},
		resource.TestStep{
			Config: local, ConfigVariables: variables(consent),
			Check: func(*terraform.State) error { return holds(filepath.Join(directory, "artifacts")) },
		},
		resource.TestStep{Config: local, ConfigVariables: variables(consent), Destroy: true},
		resource.TestStep{
			Config: `resource "terraform_data" "x" {}`,
			Check:  func(*terraform.State) error { return empty(directory) },
		},
	)
}

func runPipeline(t *testing.T, home *zenml.Home, directory string, stack map[string]string) {
	t.Helper()

	exported := stack["zenml_yaml"]
	home.Import(t, []byte(exported))

	if again := string(home.Export(t, stack["name"])); again != exported {
		t.Errorf("zenml stack export writes\n%s\nand the provider wrote\n%s", again, exported)
	}

	environment := map[string]string{}

	for key, value := range stack {
		if name, ok := strings.CutPrefix(key, "environment."); ok && name != "%" {
			environment[name] = value
		}
	}

	report := home.RunPipeline(t, zenml.RunRequest{Stack: stack["name"], Env: environment})
	if report.Status != "completed" || len(report.Steps) != 2 {
		t.Fatalf("the run ended as %s after %d steps", report.Status, len(report.Steps))
	}

	for _, step := range report.Steps {
		for _, output := range step.Outputs {
			if !strings.HasPrefix(output.URI, filepath.Join(directory, "artifacts")+"/") {
				t.Errorf("step %s left its artifact at %s, outside of the artifact store", step.Name, output.URI)
			}
		}
	}

	if report.MLflow == nil {
		t.Fatal("the run is not in the MLflow tracker")
	}

	if report.MLflow.Status != "FINISHED" || report.MLflow.Metrics["mean"] != 2.5 {
		t.Errorf("MLflow has the run as %s with metrics %v", report.MLflow.Status, report.MLflow.Metrics)
	}

	if !strings.Contains(report.MLflow.ArtifactURI, filepath.Join(directory, "mlflow")) {
		t.Errorf("MLflow keeps the run's files at %s, outside of its directory", report.MLflow.ArtifactURI)
	}

	if len(report.Left) > 0 {
		t.Errorf("the run left files where it was started: %v", report.Left)
	}
}

func holds(path string) error {
	entries, err := os.ReadDir(path)
	if err == nil && len(entries) < 2 {
		err = fmt.Errorf("%s lost its artifacts", path)
	}

	return err
}

func empty(path string) error {
	entries, err := os.ReadDir(path)
	if os.IsNotExist(err) || (err == nil && len(entries) == 0) {
		return nil
	}

	return fmt.Errorf("%s still holds %v: %w", path, entries, err)
}
