package orchestrator

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
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

func TestDVC_KeepsHandsOffLaterIncarnationsAndOtherComponents(t *testing.T) {
	t.Parallel()

	cfg := dvcTrain(t.TempDir())

	old, err := dvcDriver{}.Create(t.Context(), dvcInput, cfg)
	if err != nil {
		t.Fatal(err)
	}

	latest, err := dvcDriver{}.Create(t.Context(), dvcInput, cfg)
	if err != nil || latest.Incarnation == "" || latest.Incarnation == old.Incarnation {
		t.Fatalf("%+v after %+v: %v", latest, old, err)
	}

	for _, in := range []flavor.Input{
		{Kind: dvcInput.Kind, Name: dvcInput.Name, Was: dvcInput.Name, Incarnation: old.Incarnation, Managed: true},
		{Kind: dvcInput.Kind, Name: "other", Was: "other", Managed: true},
	} {
		if _, _, err := (dvcDriver{}).Read(t.Context(), in, old.ID, cfg); !errors.Is(err, flavor.ErrNotFound) {
			t.Errorf("read by %+v: %v", in, err)
		}

		if _, err := (dvcDriver{}).Update(t.Context(), in, old.ID, cfg, cfg); !errors.Is(err, flavor.ErrNotOurs) {
			t.Errorf("update by %+v: %v", in, err)
		}

		if err := (dvcDriver{}).Delete(t.Context(), in, old.ID, cfg); err != nil {
			t.Errorf("delete by %+v: %v", in, err)
		}
	}

	in := dvcInput
	in.Incarnation = latest.Incarnation

	if _, found, err := (dvcDriver{}).Read(t.Context(), in, old.ID, cfg); err != nil || found.Incarnation != latest.Incarnation {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestDVC_ImportSaysWhichFormIsWanted(t *testing.T) {
	t.Parallel()

	for _, id := range []string{"pipeline", "/srv/ml/repository", "srv/ml/dvc.yaml"} {
		var fault *flavor.AttributeError

		_, _, err := dvcDriver{}.Read(t.Context(), flavor.Input{Kind: dvcInput.Kind, Managed: true}, id, dvcConfig{})
		if !errors.As(err, &fault) || errors.Is(err, flavor.ErrNotFound) || !strings.Contains(fault.Fix, `"dvc//srv/ml/repository/dvc.yaml"`) {
			t.Errorf("%q: %v, %+v", id, err, fault)
		}
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
