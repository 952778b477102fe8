package owned_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var registry = flavor.Input{Kind: "model_registry", Name: "models", Managed: true}

func TestDVCRemote_LivesThroughItsLife(t *testing.T) {
	t.Parallel()

	root := t.TempDir()
	remote := owned.DVCRemoteDriver{}
	cfg := owned.DVCRemote{Repository: root, Remote: "models", URL: "s3://a"}

	result, err := remote.Create(t.Context(), registry, cfg)
	if err != nil {
		t.Fatal(err)
	}

	changed := cfg
	changed.URL, changed.Default = "s3://b", true

	if _, err := remote.Update(t.Context(), registry, result.ID, cfg, changed); err != nil {
		t.Fatal(err)
	}

	// What state and file disagree on shows.
	if observed, _, err := remote.Read(t.Context(), registry, result.ID, cfg); err != nil || observed != changed {
		t.Errorf("%+v, %v", observed, err)
	}

	if observed, _, err := remote.Read(t.Context(), registry, result.ID, owned.DVCRemote{}); err != nil || observed != changed {
		t.Errorf("import: %+v, %v", observed, err)
	}

	if err := remote.Delete(t.Context(), registry, result.ID, changed); err != nil {
		t.Fatal(err)
	}

	if _, _, err := remote.Read(t.Context(), registry, result.ID, cfg); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("read after delete: %v", err)
	}

	if left, err := os.ReadDir(root); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDVCRemote_KeepsHandsOffLaterIncarnationsAndOtherComponents(t *testing.T) {
	t.Parallel()

	remote := owned.DVCRemoteDriver{}
	cfg := owned.DVCRemote{Repository: t.TempDir(), Remote: "models", URL: "s3://a"}

	old, err := remote.Create(t.Context(), registry, cfg)
	if err != nil {
		t.Fatal(err)
	}

	latest, err := remote.Create(t.Context(), registry, cfg)
	if err != nil || latest.Incarnation == "" || latest.Incarnation == old.Incarnation {
		t.Fatalf("%+v after %+v: %v", latest, old, err)
	}

	for _, in := range []flavor.Input{
		{Kind: registry.Kind, Name: registry.Name, Was: registry.Name, Incarnation: old.Incarnation, Managed: true},
		{Kind: registry.Kind, Name: "other", Was: "other", Managed: true},
		{Kind: "metadata_store", Name: registry.Name, Was: registry.Name, Managed: true},
	} {
		if _, _, err := remote.Read(t.Context(), in, old.ID, cfg); !errors.Is(err, flavor.ErrNotFound) {
			t.Errorf("read by %+v: %v", in, err)
		}

		_, err := remote.Update(t.Context(), in, old.ID, cfg, cfg)
		fault(t, err, flavor.ErrNotOurs, "remote")

		if err := remote.Delete(t.Context(), in, old.ID, cfg); err != nil {
			t.Errorf("delete by %+v: %v", in, err)
		}
	}

	in := registry
	in.Incarnation = latest.Incarnation

	if _, found, err := remote.Read(t.Context(), in, old.ID, cfg); err != nil || found.Incarnation != latest.Incarnation || found.Name != registry.Name {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestDVCRemote_ImportSaysWhichFormIsWanted(t *testing.T) {
	t.Parallel()

	for _, id := range []string{"/srv/ml/models", "#models", "/srv/ml#", "srv/ml#models"} {
		var f *flavor.AttributeError

		_, _, err := owned.DVCRemoteDriver{}.Read(t.Context(), flavor.Input{Kind: registry.Kind, Managed: true}, id, owned.DVCRemote{})
		if !errors.As(err, &f) || errors.Is(err, flavor.ErrNotFound) ||
			!strings.Contains(f.Fix, `terraform import mlstacks_model_registry.dvc "dvc//srv/ml/repository#models"`) {
			t.Errorf("%q: %v, %+v", id, err, f)
		}
	}
}

func TestDVCRemote_FaultsNameTheAttribute(t *testing.T) {
	t.Parallel()

	root := t.TempDir()
	remote := owned.DVCRemoteDriver{}

	if err := os.Mkdir(filepath.Join(root, ".dvc"), 0o755); err != nil {
		t.Fatal(err)
	}

	if err := os.WriteFile(filepath.Join(root, ".dvc", "config"), []byte("['remote \"models\"']\nurl = s3://theirs\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	ours := owned.DVCRemote{Repository: root, Remote: "models", URL: "s3://ours"}
	fault(t, remote.Preflight(t.Context(), registry, ours), flavor.ErrNotOurs, "url")

	recorded := flavor.Input{Kind: registry.Kind, Name: "models"}
	_, _, err := remote.Read(t.Context(), recorded, root+"#models", ours)
	fault(t, err, flavor.ErrNotFound, "url")

	ours.Repository = filepath.Join(root, "none")
	_, err = remote.Create(t.Context(), registry, ours)
	fault(t, err, flavor.ErrNotFound, "repository")
}

func TestCheckDVCRemote_RefusesWhatDVCCannotUse(t *testing.T) {
	t.Parallel()

	for url, refused := range map[string]bool{
		"s3://bucket/path": false, "./models": false, "/a/b": false, "~/models": false, "ssh://user@host/path": false,
		"s4://bucket": true, "https://user:password@host/path": true, "a\nb": true, "s3://%(x)s": true,
	} {
		if problems := owned.CheckDVCRemote(flavor.Values{"url": url}); len(problems) > 0 != refused {
			t.Errorf("%q: %+v", url, problems)
		}
	}
}
