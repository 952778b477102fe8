package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
)

// The whole way of the quick start, with the built provider: Terraform makes the local stack, the real ZenML imports it
// and runs a pipeline on it, what the pipeline makes lands where Terraform said, and destroy deletes that only with
// consent.
func TestLocalStack_RunsARealPipeline(t *testing.T) {
	t.Parallel()

	home := zenml.New(t)
	cli := acctest.NewCLI(t, configuration(t, filepath.Join(examples, "stacks", "local", "main.tf")))
	directory := filepath.Join(cli.Dir, "stack")
	artifacts := filepath.Join(directory, "artifacts")
	where, consent := "-var=directory="+directory, "-var=force_destroy=true"

	succeeds(t, cli, "apply", "-auto-approve", where)
	runPipeline(t, home, directory, outputs(t, cli))
	succeeds(t, cli, "plan", "-detailed-exitcode", where) // what the pipeline wrote is no drift

	output, err := cli.Run(t, "destroy", "-auto-approve", where)
	if err == nil || !acctest.SaysAll("holds data", "Nothing was deleted", "force_destroy = true").MatchString(output) {
		t.Fatalf("destroy went through, or says why not wrongly: %v\n%s", err, output)
	}

	if err := holds(artifacts); err != nil {
		t.Error(err)
	}

	succeeds(t, cli, "apply", "-auto-approve", where, consent)

	if err := holds(artifacts); err != nil {
		t.Error(err)
	}

	succeeds(t, cli, "destroy", "-auto-approve", where, consent)

	if err := empty(directory); err != nil {
		t.Error(err)
	}
}

func succeeds(t *testing.T, cli *acctest.CLI, arguments ...string) {
	t.Helper()

	if output, err := cli.Run(t, arguments...); err != nil {
		t.Fatalf("%v: %v\n%s", arguments, err, output)
	}
}

// stackOutputs are the outputs of the example.
type stackOutputs struct {
	Environment struct{ Value map[string]string } `json:"environment"`
	YAML        struct{ Value string }            `json:"zenml_yaml"`
}

func outputs(t *testing.T, cli *acctest.CLI) stackOutputs {
	t.Helper()

	text, err := cli.Command(t.Context(), "output", "-json").Output()
	must(t, err)

	var all stackOutputs

	must(t, json.Unmarshal(text, &all))

	return all
}

func runPipeline(t *testing.T, home *zenml.Home, directory string, stack stackOutputs) {
	t.Helper()

	const name = "local-laptop"

	home.Import(t, []byte(stack.YAML.Value))

	if again := string(home.Export(t, name)); again != stack.YAML.Value {
		t.Errorf("zenml stack export writes\n%s\nand the provider wrote\n%s", again, stack.YAML.Value)
	}

	report := home.RunPipeline(t, zenml.RunRequest{Stack: name, Env: stack.Environment.Value})
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
