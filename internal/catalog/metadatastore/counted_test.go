package metadatastore

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

func TestCounted_SaysWhichDatabaseHasTables(t *testing.T) {
	t.Parallel()

	for lines, want := range map[string]string{
		"":                            "",
		"postgres\t0\nmlstacks\t0\n":  "",
		"postgres\t0\nmlstacks\t12\n": "database mlstacks has 12 tables",
	} {
		if got := counted(lines); got != want {
			t.Errorf("%q is read as %q", lines, got)
		}
	}
}

func TestQuoted_KeepsTextsWithinTheirQuotes(t *testing.T) {
	t.Parallel()

	if got := quoted("it's"); got != "'it''s'" {
		t.Errorf("got %s", got)
	}
}

func TestURL_EscapesThePassword(t *testing.T) {
	t.Parallel()

	var site clustered.Site

	site.Name, site.Namespace, site.Credentials = "runs", "ml", map[string]string{passwordKey: "p@ss/word"}

	got := engine{scheme: "mysql", port: 3306}.url(site, databaseConfig{Database: "d", Username: "u"})
	if want := "mysql://u:p%40ss%2Fword@runs.ml.svc.cluster.local:3306/d"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestImport_LearnsUserAndDatabase(t *testing.T) {
	t.Parallel()

	service := engine{scheme: "mysql", port: 3306}.service()
	cfg := service.Default
	service.Learn(&cfg, helm.Observed{}, map[string]string{usernameKey: "ml", databaseKey: "runs"})

	if cfg.Username != "ml" || cfg.Database != "runs" {
		t.Errorf("the user is %q, and the database %q", cfg.Username, cfg.Database)
	}
}
