package owned_test

import (
	"errors"
	"os"
	"path/filepath"
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
