package zenml

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// RunRequest says where the pipeline runs.
type RunRequest struct {
	// Stack is the name of an imported stack, which becomes the active one.
	Stack string
	// Containers are the addresses of the test's own containers, beside which the run reaches this machine only.
	Containers []string
	// Env is added to the environment of the process that runs the pipeline. ZenML's own modules are loaded before, so
	// variables that begin with ZENML_ are refused rather than ignored.
	Env map[string]string
}

// RunReport is what is known of a run once it has ended.
type RunReport struct {
	RunID  string `json:"run_id"`
	Status string `json:"status"`
	// Steps are in the order in which they ran.
	Steps []StepReport `json:"steps"`
	// MLflow is nil for a stack whose experiment tracker is not MLflow, or that has none.
	MLflow *MLflowReport `json:"mlflow"`
	// Left lists the files that the run left in its working directory, relative to it. A stack that keeps its data
	// where it says leaves none.
	Left []string `json:"-"`
}

// StepReport is what ZenML knows of a step.
type StepReport struct {
	Name    string       `json:"name"`
	Status  string       `json:"status"`
	Outputs []StepOutput `json:"outputs"`
}

// StepOutput is an artifact in the stack's artifact store.
type StepOutput struct {
	Name string `json:"name"`
	URI  string `json:"uri"`
	// Value is what ZenML reads back from the store, as JSON: numbers are float64.
	Value any `json:"value"`
}

// MLflowReport is what a client of MLflow finds at the tracking URI.
type MLflowReport struct {
	// TrackingURI is the one that ZenML's experiment tracker uses.
	TrackingURI string             `json:"tracking_uri"`
	RunID       string             `json:"run_id"`
	Status      string             `json:"status"`
	Params      map[string]string  `json:"params"`
	Metrics     map[string]float64 `json:"metrics"`
	// ArtifactURI is the directory of the run's artifacts.
	ArtifactURI string           `json:"artifact_uri"`
	Artifacts   []MLflowArtifact `json:"artifacts"`
}

// MLflowArtifact is a file of a run.
type MLflowArtifact struct {
	// Path is relative to the run's ArtifactURI.
	Path string `json:"path"`
	URI  string `json:"uri"`
	// Text is what MLflow reads back from URI.
	Text string `json:"text"`
}

// RunPipeline runs a real pipeline on a stack, without caching and from an empty working directory that no stack
// names. Its step "prepare" returns "numbers", [1, 2, 3, 4]; its step "train" returns "model", {"mean": 2.5}, and logs
// to an MLflow tracker the param count=4, the metric mean=2.5 and the file notes/mean.txt. The test fails with the end
// of the output when the run does.
func (h *Home) RunPipeline(t *testing.T, r RunRequest) RunReport {
	t.Helper()
	report, err := h.runPipeline(r)
	if err != nil {
		t.Fatalf("run a pipeline on stack %q: %v", r.Stack, err)
	}
	return report
}

func (h *Home) runPipeline(r RunRequest) (RunReport, error) {
	var report RunReport
	for name := range r.Env {
		if strings.HasPrefix(name, "ZENML_") {
			return report, fmt.Errorf("%s would come too late, zenml is already loaded", name)
		}
	}
	work, err := h.workDirectory()
	if err != nil {
		return report, err
	}
	environment := maps.Clone(r.Env)
	if len(r.Containers) > 0 {
		if environment == nil {
			environment = map[string]string{}
		}

		environment["MLSTACKS_TEST_CONTAINERS"] = strings.Join(r.Containers, ",")
	}

	file := filepath.Join(h.path("log"), filepath.Base(work)+".json")
	if _, err := h.do(request{
		Program:     filepath.Join(h.path(scripts), "pipeline.py"),
		Arguments:   []string{r.Stack, file},
		Directory:   work,
		Environment: environment,
	}); err != nil {
		return report, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return report, fmt.Errorf("read the report: %w", err)
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return report, fmt.Errorf("read the report: %w", err)
	}
	report.Left, err = filesBelow(work)
	return report, err
}

// filesBelow lists the files below a directory, relative to it.
func filesBelow(directory string) ([]string, error) {
	var files []string
	err := fs.WalkDir(os.DirFS(directory), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", directory, err)
	}
	return files, nil
}
