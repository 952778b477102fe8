package experimenttracker

import (
	"fmt"
	"maps"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func TestFingerprint_ChangesWithWhatTheServerReadsAtStart(t *testing.T) {
	t.Parallel()

	credentials := map[string]string{flaskKey: "f", databaseKey: "postgresql://a", accessKey: "k", secretKey: "s", passwordKey: "p"}
	annotations := func(credentials map[string]string) string {
		return fmt.Sprint(restarts(clustered.Site{Credentials: credentials}))
	}
	first := annotations(credentials)

	for key, changes := range map[string]bool{databaseKey: true, accessKey: true, secretKey: true, flaskKey: true, passwordKey: false} {
		other := maps.Clone(credentials)
		other[key] = "another"

		if got := annotations(other) != first; got != changes {
			t.Errorf("%s: changes is %v", key, got)
		}
	}
}

func TestImport_LearnsTheAdministrator(t *testing.T) {
	t.Parallel()

	cfg := mlflowService.Default
	mlflowService.Learn(&cfg, helm.Observed{}, map[string]string{usernameKey: "ml"})

	if cfg.Username != "ml" {
		t.Errorf("the administrator is %q", cfg.Username)
	}
}

func TestValues_LeadToStoresThroughSecretsAndFitTheChart(t *testing.T) {
	t.Parallel()

	incarnation := "1"
	home := &clustered.Home{Name: "dev", Reference: map[string]string{"type": "k3d", "name": "dev"}, Incarnation: &incarnation}
	site := clustered.Site{
		Input: flavor.Input{Name: "runs"}, Name: "runs", Namespace: "ml", Incarnation: incarnation,
		Credentials: map[string]string{flaskKey: "f", databaseKey: "postgresql://u:hunter2@h/d"},
	}
	database := clustered.Component{
		Name: "db", Type: "metadata_store", Flavor: "postgres", Cluster: home, Outputs: map[string]string{"cluster_uri": "postgresql://db.other.svc.cluster.local:5432"},
	}
	store := clustered.Component{
		Name: "s3", Type: "artifact_store", Flavor: "minio", Cluster: home,
		Outputs: map[string]string{"cluster_uri": "http://s3.other.svc.cluster.local:9000", "bucket": "artifacts"},
	}

	url, err := databaseURL(site, database, map[string]string{"username": "u", "password": "p/w", "database": "d"})
	if want := "postgresql+psycopg2://u:p%2Fw@db.other.svc.cluster.local:5432/d"; err != nil || url != want {
		t.Errorf("address of the database is %s (%v), want %s", url, err, want)
	}

	values, err := mlflowValues(t.Context(), site, mlflowConfig{
		BasicAuth: true, MetadataStore: &database, ArtifactStore: &store, Exposed: clustered.Exposed{Expose: clustered.Expose{Type: "ingress", Host: "runs.example.com"}},
	})
	if err != nil {
		t.Fatal(err)
	}

	chart, err := helm.Load(t.Context(), clustered.Embedded(charts.MLflow))
	if err != nil {
		t.Fatal(err)
	}

	if problems := chart.Check(values); len(problems) > 0 {
		t.Errorf("the chart refuses the values: %v", problems)
	}

	artifacts, _ := values["artifacts"].(map[string]any)
	if artifacts["destination"] != "s3://artifacts/runs" || artifacts["existingSecret"] != "runs-credentials" {
		t.Errorf("artifacts are %v", artifacts)
	}
}
