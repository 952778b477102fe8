package experimenttracker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var (
	localKind  = flavor.Kind{Name: "experiment_tracker", ZenML: true}
	localInput = flavor.Input{Kind: localKind.Name, Name: "main", Managed: true}
)

func localObject[C any](t *testing.T, f flavor.Flavor, cfg C) types.Object {
	t.Helper()

	attributes := map[string]attr.Type{}
	for name, attribute := range f.Attributes(localKind) {
		attributes[name] = attribute.GetType()
	}

	value, diags := types.ObjectValueFrom(t.Context(), attributes, cfg)
	if diags.HasError() {
		t.Fatal(diags)
	}

	return value
}

func TestMLflowLocal_TellsTrackingURIAndTheRest(t *testing.T) {
	t.Parallel()

	facts := MLflowLocal.Facts(localKind, flavor.Subject{Name: "main", Values: flavor.Values{
		"path": "/data/mlflow", "force_destroy": true, "experiment_name": "churn", "nested": false, "settings": map[string]any{"tags": map[string]any{"a": "b"}},
	}})

	want := map[string]any{
		"tracking_uri": "sqlite:////data/mlflow/mlflow.db", "experiment_name": "churn", "nested": false, "tags": map[string]any{"a": "b"},
	}
	if fmt.Sprint(facts.Configuration) != fmt.Sprint(want) || facts.URI != want["tracking_uri"] {
		t.Errorf("%+v", facts)
	}

	variables := MLflowLocal.Environment(facts)
	if variables["MLFLOW_TRACKING_URI"] != facts.URI || variables["_MLFLOW_SERVER_ARTIFACT_ROOT"] != "/data/mlflow/artifacts" {
		t.Errorf("%+v", variables)
	}

	unknown := MLflowLocal.Facts(localKind, flavor.Subject{Name: "main", Values: flavor.Values{"path": zenml.Unknown{}}})
	if (unknown.Configuration["tracking_uri"] != zenml.Unknown{}) || (MLflowLocal.Environment(unknown)["_MLFLOW_SERVER_ARTIFACT_ROOT"] != zenml.Unknown{}) {
		t.Errorf("%+v", unknown)
	}
}

func TestMLflowLocal_KeepsRunsOfTheRealMLflow(t *testing.T) {
	t.Parallel()

	python := os.Getenv("MLSTACKS_TEST_ZENML_PYTHON")
	if python == "" {
		t.Skip("SKIPPED: the run of the real MLflow needs MLSTACKS_TEST_ZENML_PYTHON, a python with mlflow; make test sets one up")
	}

	path := filepath.Join(t.TempDir(), "with blank % and ü")
	config := localObject(t, MLflowLocal, mlflowLocalConfig{Place: owned.Place{Path: path}})

	if _, err := MLflowLocal.Create(t.Context(), localInput, config); err != nil {
		t.Fatal(err)
	}

	command := exec.CommandContext(t.Context(), python, "-c", `
import mlflow
with mlflow.start_run():
    mlflow.log_metric("score", 1)
    mlflow.log_text("hello", "note.txt")
`)
	command.Dir = t.TempDir()
	command.Env = append(os.Environ(), "HOME="+command.Dir, "MLFLOW_DISABLE_TELEMETRY=true", "GIT_PYTHON_REFRESH=quiet")

	for name, value := range MLflowLocal.Environment(MLflowLocal.Facts(localKind, flavor.Subject{Name: "main", Values: flavor.Values{"path": path}})) {
		command.Env = append(command.Env, fmt.Sprintf("%s=%v", name, value))
	}

	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	if notes, err := filepath.Glob(filepath.Join(path, "artifacts", "*", "*", "artifacts", "note.txt")); err != nil || len(notes) != 1 {
		t.Errorf("the artifact is not where it belongs: %v, %v", notes, err)
	}

	if _, err := os.Stat(filepath.Join(command.Dir, "mlruns")); err == nil {
		t.Error("artifacts went to the current directory")
	}

	if err := MLflowLocal.Delete(t.Context(), localInput, path, config); !errors.Is(err, flavor.ErrHoldsData) {
		t.Errorf("deleted runs: %v", err)
	}
}
