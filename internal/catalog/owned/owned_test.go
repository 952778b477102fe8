package owned_test

import (
	"errors"
	"os"
	"path/filepath"
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
