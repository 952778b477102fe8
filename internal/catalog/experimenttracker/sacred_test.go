package experimenttracker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func TestSacred_KeepsRunsOfTheRealSacred(t *testing.T) {
	t.Parallel()

	python := os.Getenv("MLSTACKS_TEST_SACRED_PYTHON")
	if python == "" {
		t.Skip("SKIPPED: the run of the real Sacred needs MLSTACKS_TEST_SACRED_PYTHON, a python with sacred")
	}

	path := filepath.Join(t.TempDir(), "runs")
	config := localObject(t, Sacred, sacredConfig{owned.Place{Path: path}})

	if _, err := Sacred.Create(t.Context(), localInput, config); err != nil {
		t.Fatal(err)
	}

	script := filepath.Join(t.TempDir(), "experiment.py")
	if err := os.WriteFile(script, []byte(`
import os
from sacred import Experiment
from sacred.observers import FileStorageObserver
experiment = Experiment("churn")
experiment.observers.append(FileStorageObserver(os.environ["SACRED_FILE_STORAGE_DIR"]))
@experiment.main
def main():
    return 1
experiment.run()
`), 0o600); err != nil {
		t.Fatal(err)
	}

	command := exec.CommandContext(t.Context(), python, script)
	command.Dir = filepath.Dir(script)
	command.Env = append(os.Environ(), "GIT_PYTHON_REFRESH=quiet")

	for name, value := range Sacred.Environment(Sacred.Facts(localKind, flavor.Subject{Name: "main", Values: flavor.Values{"path": path}})) {
		command.Env = append(command.Env, fmt.Sprintf("%s=%v", name, value))
	}

	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	if _, err := os.Stat(filepath.Join(path, "1", "run.json")); err != nil {
		t.Error(err)
	}

	if err := Sacred.Delete(t.Context(), localInput, path, config); !errors.Is(err, flavor.ErrHoldsData) {
		t.Errorf("deleted runs: %v", err)
	}
}
