package zenml

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// TestHome does everything in one home: Python and an empty database take longer to start than all the rest.
func TestHome(t *testing.T) {
	t.Parallel()
	home := New(t)

	t.Run("exports an imported stack byte for byte", func(t *testing.T) {
		t.Parallel()
		text := export(t, "every kind of välue", everyKindOfValue())
		home.Import(t, text)
		if got := home.Export(t, "every kind of välue"); string(got) != string(text) {
			t.Errorf("%s\nexported\n%s", firstDifference(string(text), string(got)), got)
		}
	})

	t.Run("runs a pipeline with an MLflow tracker", func(t *testing.T) {
		t.Parallel()
		store, tracking := t.TempDir(), filepath.Join(t.TempDir(), "not yet there")
		home.Import(t, export(t, "tracked", []zenml.StackComponent{
			{Type: "artifact_store", Name: "tracked-store", Flavor: "local", Configuration: map[string]any{"path": store}},
			{Type: "experiment_tracker", Name: "tracked-tracker", Flavor: "mlflow", Configuration: map[string]any{
				"tracking_uri": "sqlite:///" + tracking + "/mlflow.db",
			}},
			{Type: "orchestrator", Name: "tracked-orchestrator", Flavor: "local"},
		}))
		report := home.RunPipeline(t, RunRequest{
			Stack: "tracked",
			Env:   map[string]string{"_MLFLOW_SERVER_ARTIFACT_ROOT": filepath.Join(tracking, "artifacts")},
		})
		checkRun(t, report, store)
		checkMLflow(t, report.MLflow, tracking)
	})

	t.Run("runs a pipeline without a tracker", func(t *testing.T) {
		t.Parallel()
		store := t.TempDir()
		home.Import(t, export(t, "plain", []zenml.StackComponent{
			{Type: "artifact_store", Name: "plain-store", Flavor: "local", Configuration: map[string]any{"path": store}},
			{Type: "orchestrator", Name: "plain-orchestrator", Flavor: "local"},
		}))
		report := home.RunPipeline(t, RunRequest{Stack: "plain"})
		checkRun(t, report, store)
		if report.MLflow != nil {
			t.Errorf("got a report of MLflow %+v, want none", report.MLflow)
		}
	})

	t.Run("fails with what ZenML says", func(t *testing.T) {
		t.Parallel()
		err := home.importStack([]byte("components: {}\nstack_name: old\nzenml_version: 0.1.0\n"))
		if err == nil || !strings.Contains(err.Error(), "Cannot import stacks from other ZenML versions") {
			t.Errorf("got error %v, want ZenML's own", err)
		}
	})

	t.Run("has no terminal to ask at", func(t *testing.T) {
		t.Parallel()
		err := home.importStack(export(t, "default", []zenml.StackComponent{
			{Type: "artifact_store", Name: "default", Flavor: "local"},
			{Type: "orchestrator", Name: "default", Flavor: "local"},
		}))
		if err == nil || !strings.Contains(err.Error(), "already exists") {
			t.Errorf("got error %v, want the question and its end", err)
		}
	})

	t.Run("refuses variables that come too late", func(t *testing.T) {
		t.Parallel()
		_, err := home.runPipeline(RunRequest{Stack: "default", Env: map[string]string{"ZENML_DEBUG": "true"}})
		if err == nil || !strings.Contains(err.Error(), "ZENML_DEBUG") {
			t.Errorf("got error %v, want one naming the variable", err)
		}
	})
}

func TestInterpreter_SaysHowToGetOne(t *testing.T) {
	t.Setenv(Variable, "")
	_, err := interpreter()
	if err == nil || !strings.Contains(err.Error(), Variable) || !strings.Contains(err.Error(), "make test") {
		t.Errorf("got error %v, want one naming %s and make test", err, Variable)
	}
}

// firstDifference says where two texts part.
func firstDifference(want, got string) string {
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i, line := range wants {
		if i >= len(gots) {
			return "nothing follows line " + strconv.Itoa(i)
		}
		if line != gots[i] {
			return fmt.Sprintf("line %d: got %q, want %q", i+1, gots[i], line)
		}
	}
	return fmt.Sprintf("%d lines too many", len(gots)-len(wants))
}

func export(t *testing.T, name string, components []zenml.StackComponent) []byte {
	t.Helper()
	text, err := zenml.ExportStack(name, components)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// everyKindOfValue is a stack with values of every type that a configuration can hold, and texts that are hard to
// write.
func everyKindOfValue() []zenml.StackComponent {
	const prose = "a text that is long enough to be folded, with 'quotes', a # and: a colon, and a {\"b\": [1, true]} in it"
	return []zenml.StackComponent{
		{Type: "artifact_store", Name: "main", Flavor: "s3", Configuration: map[string]any{
			"path": "s3://bucket/with blank",
			"client_kwargs": map[string]any{
				"bool": true, "int": int64(7), "big": int64(math.MinInt64), "float": 1.5, "tiny": 1e-7, "huge": 1e22,
				"whole": 2.0, "null": nil, "text": "7", "yes": "no", "empty": "", "none": map[string]any{}, "no items": []any{},
				"nested": map[string]any{"list": []any{"x", []any{int64(1), false}, map[string]any{"k": "ünïcode 🙂 é"}}},
				"é":      prose + " é " + prose, "lines": "#!/bin/sh\nset -e\n\techo 'hi'\n", strings.Repeat("long key ", 20): prose,
			},
			"config_kwargs": map[string]any{},
		}},
		{Type: "orchestrator", Name: "runs", Flavor: "kubernetes", Configuration: map[string]any{
			"kubernetes_context": "käse", "timeout": int64(5), "privileged": true, "synchronous": false,
			"pod_settings": map[string]any{
				"node_selectors": map[string]any{"disk": "ssd", "on": "true"},
				"labels":         map[string]any{"team": "1"},
			},
		}},
		{Type: "alerter", Name: "z first", Flavor: "slack", Configuration: map[string]any{
			"slack_channel_id": `{"json": [1, null]}`, "slack_token": "line one\nline two\n\n  line 'three'\n",
		}},
		{Type: "alerter", Name: "a second", Flavor: "slack", Configuration: map[string]any{
			"slack_token": prose, "timeout": int64(30),
		}},
		{Type: "step_operator", Name: "small", Flavor: "kubernetes", Configuration: map[string]any{
			"kubernetes_context": "12:30",
		}},
		{Type: "step_operator", Name: "large", Flavor: "kubernetes", Configuration: map[string]any{
			"kubernetes_context": "2024-01-01", "kubernetes_namespace": "null",
		}},
		{Type: "image_builder", Name: "images", Flavor: "kaniko", Configuration: map[string]any{
			"kubernetes_context": "~", "executor_args": []any{"--a", "--label=a b", "- c"},
			"env": []any{map[string]any{"name": "A", "value": "1"}},
		}},
	}
}

// checkRun checks what ZenML says of the pipeline's run.
func checkRun(t *testing.T, report RunReport, store string) {
	t.Helper()
	if report.Status != "completed" || report.RunID == "" || len(report.Left) > 0 {
		t.Errorf("got %+v, want a completed run that leaves nothing in its working directory", report)
	}
	want := []struct {
		step, output string
		value        any
	}{
		{"prepare", "numbers", []any{1.0, 2.0, 3.0, 4.0}},
		{"train", "model", map[string]any{"mean": 2.5}},
	}
	if len(report.Steps) != len(want) {
		t.Fatalf("got steps %+v, want %d", report.Steps, len(want))
	}
	for i, w := range want {
		step := report.Steps[i]
		if step.Name != w.step || step.Status != "completed" || len(step.Outputs) != 1 {
			t.Errorf("got step %+v, want a completed %s with one output", step, w.step)
			continue
		}
		output := step.Outputs[0]
		if output.Name != w.output || !reflect.DeepEqual(output.Value, w.value) {
			t.Errorf("step %s: got %+v, want %s of %v", w.step, output, w.output, w.value)
		}
		if !strings.HasPrefix(output.URI, store+"/") {
			t.Errorf("step %s: the artifact is at %s, not below %s", w.step, output.URI, store)
		}
	}
}

// checkMLflow checks what MLflow has of the pipeline's run.
func checkMLflow(t *testing.T, got *MLflowReport, directory string) {
	t.Helper()
	if got == nil {
		t.Fatal("MLflow was not used")
	}
	if want := "sqlite:///" + directory + "/mlflow.db"; got.TrackingURI != want {
		t.Errorf("got tracking uri %s, want %s", got.TrackingURI, want)
	}
	if got.RunID == "" || got.Status != "FINISHED" || got.Params["count"] != "4" || got.Metrics["mean"] != 2.5 {
		t.Errorf("got %+v, want a finished run with count and mean", got)
	}
	if !strings.HasPrefix(got.ArtifactURI, filepath.Join(directory, "artifacts")+"/") {
		t.Errorf("got artifacts at %s, want them below %s", got.ArtifactURI, directory)
	}
	want := []MLflowArtifact{{
		Path: "notes/mean.txt", URI: got.ArtifactURI + "/notes/mean.txt", Text: "the mean is 2.5\n",
	}}
	if !reflect.DeepEqual(got.Artifacts, want) {
		t.Errorf("got artifacts %+v, want %+v", got.Artifacts, want)
	}
}
