package metadatastore

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var input = flavor.Input{Kind: "metadata_store", Name: "main", Managed: true}

func object[C any](t *testing.T, f flavor.Flavor, cfg C) types.Object {
	t.Helper()

	attributes := map[string]attr.Type{}
	for name, attribute := range f.Attributes(flavor.Kind{Name: input.Kind}) {
		attributes[name] = attribute.GetType()
	}

	value, diags := types.ObjectValueFrom(t.Context(), attributes, cfg)
	if diags.HasError() {
		t.Fatal(diags)
	}

	return value
}

func sqlite(t *testing.T, path string, force bool) types.Object {
	t.Helper()

	return object(t, SQLite, sqliteConfig{Place: owned.Place{Path: path, ForceDestroy: force}, Mode: owned.PrivateMode})
}

// run runs Python with its own SQLite on a database.
func run(t *testing.T, path, statement string) string {
	t.Helper()

	python := os.Getenv("MLSTACKS_TEST_ZENML_PYTHON")
	if python == "" {
		t.Skip("SKIPPED: the runs of the real SQLite need MLSTACKS_TEST_ZENML_PYTHON, a python; make test sets one up")
	}

	script := "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); print(c.execute(sys.argv[2]).fetchall()); c.commit()"

	output, err := exec.CommandContext(t.Context(), python, "-c", script, path, statement).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	return strings.TrimSpace(string(output))
}

func TestSQLite_IsPrivateAndGoesWhenNothingIsInIt(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	path := filepath.Join(dir, "meta.db")
	config := sqlite(t, path, false)

	result, err := SQLite.Create(t.Context(), input, config)
	if err != nil || result.ID != path {
		t.Fatalf("%+v, %v", result, err)
	}

	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}

	if err := SQLite.Delete(t.Context(), input, path, config); err != nil {
		t.Fatal(err)
	}

	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestSQLite_OpensInTheRealSQLiteAndKeepsTables(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "meta.db")
	config := sqlite(t, path, false)

	if _, err := SQLite.Create(t.Context(), input, config); err != nil {
		t.Fatal(err)
	}

	if answer := run(t, path, "PRAGMA integrity_check"); answer != "[('ok',)]" {
		t.Errorf("the database is not whole: %s", answer)
	}

	run(t, path, "CREATE TABLE runs (id INTEGER PRIMARY KEY)")

	if err := SQLite.Delete(t.Context(), input, path, config); !errors.Is(err, flavor.ErrHoldsData) {
		t.Fatalf("deleted a table: %v", err)
	}

	run(t, path, "DROP TABLE runs")

	if err := SQLite.Delete(t.Context(), input, path, config); err != nil {
		t.Errorf("a database without tables: %v", err)
	}
}

func TestSQLite_ShowsAndRepairsAMode(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "meta.db")
	config := sqlite(t, path, true)

	if _, err := SQLite.Create(t.Context(), input, config); err != nil {
		t.Fatal(err)
	}

	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}

	if mode := modeOf(t, path, config); mode != `"0644"` {
		t.Errorf("observed %s", mode)
	}

	if _, err := SQLite.Update(t.Context(), input, path, config, config); err != nil {
		t.Fatal(err)
	}

	if mode := modeOf(t, path, config); mode != `"0600"` {
		t.Errorf("after the update %s", mode)
	}
}

func modeOf(t *testing.T, path string, config types.Object) string {
	t.Helper()

	observed, _, err := SQLite.Read(context.Background(), input, path, config)
	if err != nil {
		t.Fatal(err)
	}

	return observed.Attributes()["mode"].String()
}

func TestSQLite_KeepsWhatIsNoDatabase(t *testing.T) {
	t.Parallel()

	for name, content := range map[string]string{"text": "hello", "long text": strings.Repeat("hello ", 100)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			path := filepath.Join(t.TempDir(), "meta.db")
			config := sqlite(t, path, false)

			if _, err := SQLite.Create(t.Context(), input, config); err != nil {
				t.Fatal(err)
			}

			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}

			if err := SQLite.Delete(t.Context(), input, path, config); !errors.Is(err, flavor.ErrHoldsData) {
				t.Errorf("deleted %q: %v", content, err)
			}
		})
	}
}
