package owned_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type config struct {
	owned.Place
}

var (
	driver  = owned.Driver[config, *config]{Flavor: "local", Object: disk.Object{Directory: true, Mode: 0o755}}
	managed = flavor.Input{Kind: "artifact_store", Name: "main", Managed: true}
)

func at(path string, force bool) config {
	return config{owned.Place{Path: path, ForceDestroy: force}}
}

func create(t *testing.T) (id string, cfg config) {
	t.Helper()

	cfg = at(filepath.Join(t.TempDir(), "store"), false)

	result, err := driver.Create(t.Context(), managed, cfg)
	if err != nil {
		t.Fatal(err)
	}

	return result.ID, cfg
}

func fault(t *testing.T, err, class error, attribute string) {
	t.Helper()

	var f *flavor.AttributeError
	if !errors.As(err, &f) || class != nil && !errors.Is(err, class) || f.Attribute[0] != attribute {
		t.Fatalf("error is %v, want %v on %s", err, class, attribute)
	}
}

func TestDriver_RefusesAForeignDirectoryAtPlanAndApply(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theirs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	fault(t, driver.Preflight(t.Context(), managed, at(dir, false)), flavor.ErrNotOurs, "path")

	result, err := driver.Create(t.Context(), managed, at(dir, false))
	fault(t, err, flavor.ErrNotOurs, "path")

	if result.ID != "" {
		t.Errorf("would be saved: %+v", result)
	}
}

func TestDriver_RefusesToDeleteDataWithoutConsent(t *testing.T) {
	t.Parallel()

	id, cfg := create(t)
	if err := os.WriteFile(filepath.Join(id, "artifact"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	fault(t, driver.Delete(t.Context(), managed, id, cfg), flavor.ErrHoldsData, "force_destroy")

	if err := driver.Delete(t.Context(), managed, id, at(cfg.Path, true)); err != nil {
		t.Fatal(err)
	}

	if _, _, err := driver.Read(t.Context(), managed, id, cfg); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("read after delete: %v", err)
	}
}

func TestDriver_TakesWhatLostItsMarkerForGone(t *testing.T) {
	t.Parallel()

	id, cfg := create(t)
	if err := os.Remove(filepath.Join(id, disk.MarkerName)); err != nil {
		t.Fatal(err)
	}

	if _, _, err := driver.Read(t.Context(), managed, id, cfg); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("read: %v", err)
	}
}

func TestDriver_RenewsTheMarkerOfARenamedComponent(t *testing.T) {
	t.Parallel()

	id, cfg := create(t)
	renamed := managed
	renamed.Name = "renamed"

	if _, err := driver.Update(t.Context(), renamed, id, cfg, cfg); err != nil {
		t.Fatal(err)
	}

	if _, result, err := driver.Read(t.Context(), renamed, id, cfg); err != nil || result.Name != "renamed" {
		t.Errorf("%+v, %v", result, err)
	}
}

// Terraform may make the new one before it destroys the old one, or come to a renamed resource first.
func TestDriver_DeletesNoLaterIncarnation(t *testing.T) {
	t.Parallel()

	cfg := at(filepath.Join(t.TempDir(), "store"), true)

	old, err := driver.Create(t.Context(), managed, cfg)
	if err != nil {
		t.Fatal(err)
	}

	latest, err := driver.Create(t.Context(), managed, cfg)
	if err != nil || latest.Incarnation == "" || latest.Incarnation == old.Incarnation {
		t.Fatalf("%+v after %+v: %v", latest, old, err)
	}

	before, after := managed, managed
	before.Incarnation, after.Incarnation = old.Incarnation, latest.Incarnation

	if _, _, err := driver.Read(t.Context(), before, old.ID, cfg); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("read what was replaced: %v", err)
	}

	if err := driver.Delete(t.Context(), before, old.ID, cfg); err != nil {
		t.Fatal(err)
	}

	updated, err := driver.Update(t.Context(), after, latest.ID, cfg, cfg)
	if err != nil || updated.Incarnation != latest.Incarnation {
		t.Errorf("updated %+v to %+v: %v", latest, updated, err)
	}

	if _, found, err := driver.Read(t.Context(), after, latest.ID, cfg); err != nil || found.Incarnation != latest.Incarnation {
		t.Errorf("read %+v: %v", found, err)
	}

	if err := driver.Delete(t.Context(), after, latest.ID, cfg); err != nil {
		t.Fatal(err)
	}

	if _, err := os.Lstat(cfg.Path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
}

func TestDriver_KeepsHandsOffWhatBelongsToAnotherComponent(t *testing.T) {
	t.Parallel()

	id, cfg := create(t)
	cfg.ForceDestroy = true

	for _, in := range []flavor.Input{
		{Kind: managed.Kind, Name: "other", Was: "other", Managed: true},
		{Kind: "sandbox", Name: managed.Name, Was: managed.Name, Managed: true},
	} {
		if _, _, err := driver.Read(t.Context(), in, id, cfg); !errors.Is(err, flavor.ErrNotFound) {
			t.Errorf("read by %+v: %v", in, err)
		}

		_, err := driver.Update(t.Context(), in, id, cfg, cfg)
		fault(t, err, flavor.ErrNotOurs, "path")

		if err := driver.Delete(t.Context(), in, id, cfg); err != nil {
			t.Errorf("delete by %+v: %v", in, err)
		}
	}

	if _, result, err := driver.Read(t.Context(), managed, id, cfg); err != nil || result.Name != managed.Name {
		t.Errorf("%+v, %v", result, err)
	}
}

// What is only recorded may belong to another component: recording it gives no right to it.
func TestDriver_LearnsNoIncarnationFromWhatItOnlyRecords(t *testing.T) {
	t.Parallel()

	id, cfg := create(t)

	if _, result, err := driver.Read(t.Context(), flavor.Input{Kind: managed.Kind, Name: "other"}, id, cfg); err != nil || result.Incarnation != "" {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestDriver_RefusesATildeThatWasNotKnownAtPlan(t *testing.T) {
	t.Chdir(t.TempDir())

	_, err := driver.Create(t.Context(), managed, at("~/store", false))
	fault(t, err, nil, "path")

	if _, err := os.Lstat("~"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("made a directory of that name: %v", err)
	}
}

func TestDriver_ImportSaysWhichFormIsWanted(t *testing.T) {
	t.Parallel()

	var f *flavor.AttributeError

	_, _, err := driver.Read(t.Context(), flavor.Input{Kind: managed.Kind, Managed: true}, "srv/store", config{})
	if !errors.As(err, &f) || errors.Is(err, flavor.ErrNotFound) || !strings.Contains(f.Fix, `"local//srv/`) {
		t.Errorf("%v, %+v", err, f)
	}
}

func TestZenML_KeepsNullSettings(t *testing.T) {
	t.Parallel()

	configuration := owned.ZenML(flavor.Values{"a": "own", "settings": map[string]any{"a": "set", "tags": nil}}, map[string]string{"a": ""}, nil)
	if tags, ok := configuration["tags"]; !ok || tags != nil || configuration["a"] != "own" {
		t.Errorf("%v", configuration)
	}
}

func TestDriver_ImportsOnlyWhatIsOurs(t *testing.T) {
	t.Parallel()

	id, _ := create(t)
	blank := flavor.Input{Kind: managed.Kind, Managed: true}

	cfg, result, err := driver.Read(t.Context(), blank, id, config{})
	if err != nil || cfg.Path != id || result.Name != "main" {
		t.Errorf("%+v, %+v, %v", cfg, result, err)
	}

	_, _, err = driver.Read(t.Context(), blank, t.TempDir(), config{})
	fault(t, err, flavor.ErrNotOurs, "path")

	_, _, err = driver.Read(t.Context(), flavor.Input{Kind: "sandbox", Managed: true}, id, config{})
	fault(t, err, flavor.ErrNotOurs, "path")
}

func TestDriver_ChecksWhatItDoesNotManage(t *testing.T) {
	t.Parallel()

	recorded := flavor.Input{Kind: managed.Kind, Name: "main"}
	dir := t.TempDir()

	if _, result, err := driver.Read(t.Context(), recorded, dir, at(dir, false)); err != nil || result.ID != dir {
		t.Errorf("%+v, %v", result, err)
	}

	missing := filepath.Join(dir, "missing")
	_, _, err := driver.Read(t.Context(), recorded, missing, at(missing, false))
	fault(t, err, flavor.ErrNotFound, "path")
}

func TestDriver_NamesTheAttributeForAnyTroubleOfThisMachine(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}

	_, err := driver.Create(t.Context(), managed, at(filepath.Join(file, "below"), false))
	fault(t, err, nil, "path")
}

func TestRefuseInURL_ObjectsToAQuestionMark(t *testing.T) {
	t.Parallel()

	if problems := owned.RefuseInURL(flavor.Values{"path": "/a?b"}); len(problems) != 1 {
		t.Errorf("%+v", problems)
	}

	if problems := owned.RefuseInURL(flavor.Values{"path": "/a b%20"}); len(problems) != 0 {
		t.Errorf("%+v", problems)
	}
}
