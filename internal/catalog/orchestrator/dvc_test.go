package orchestrator

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var dvcInput = flavor.Input{Kind: "orchestrator", Name: "main", Managed: true}

func dvcTrain(root string) dvcConfig {
	return dvcConfig{Repository: root, Pipeline: "train", Stages: map[string]dvcStage{"one": {
		Command: "true", WorkDir: ".", Deps: []string{"a"}, Params: []string{}, Outs: []string{}, Metrics: []string{}, Plots: []string{},
	}}}
}

func TestDVC_ReadsBackWhatItWroteAndShowsWhatChanged(t *testing.T) {
	t.Parallel()

	root := t.TempDir()
	cfg := dvcTrain(root)

	result, err := dvcDriver{}.Create(t.Context(), dvcInput, cfg)
	if err != nil {
		t.Fatal(err)
	}

	for what, known := range map[string]dvcConfig{"refresh": cfg, "import": {}} {
		if observed, found, err := (dvcDriver{}).Read(t.Context(), dvcInput, result.ID, known); err != nil ||
			!reflect.DeepEqual(observed, cfg) || found.Name != "main" {
			t.Errorf("%s: %+v, %+v, %v", what, observed, found, err)
		}
	}

	renamed := dvcInput
	renamed.Name = "renamed"
	changed := dvcTrain(root)
	changed.Stages["two"] = cfg.Stages["one"]

	if _, err := (dvcDriver{}).Update(t.Context(), renamed, result.ID, cfg, changed); err != nil {
		t.Fatal(err)
	}

	if observed, _, err := (dvcDriver{}).Read(t.Context(), renamed, result.ID, cfg); err != nil || !reflect.DeepEqual(observed, changed) {
		t.Errorf("after the update: %+v, %v", observed, err)
	}

	if err := (dvcDriver{}).Delete(t.Context(), renamed, result.ID, changed); err != nil {
		t.Fatal(err)
	}

	if _, _, err := (dvcDriver{}).Read(t.Context(), renamed, result.ID, changed); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("after the delete: %v", err)
	}
}

func TestDVC_RefusesAPipelineOfOthersAtPlan(t *testing.T) {
	t.Parallel()

	cfg := dvcTrain(t.TempDir())
	cfg.Pipeline = "."

	if err := os.WriteFile(filepath.Join(cfg.Repository, "dvc.yaml"), []byte("stages: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	var fault *flavor.AttributeError
	if err := (dvcDriver{}).Preflight(t.Context(), dvcInput, cfg); !errors.As(err, &fault) || !errors.Is(err, flavor.ErrNotOurs) ||
		fault.Attribute[0] != "pipeline" {
		t.Errorf("%v", err)
	}
}

func TestDVC_RefusesAPipelineOutsideOfTheRepository(t *testing.T) {
	t.Parallel()

	for dir, refused := range map[string]bool{".": false, "a/b": false, "..": true, "a/../../b": true, "/a": true} {
		if problems := checkDVC(flavor.Values{"pipeline": dir}); len(problems) > 0 != refused {
			t.Errorf("%q: %+v", dir, problems)
		}
	}
}
