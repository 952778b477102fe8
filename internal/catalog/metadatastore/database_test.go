package metadatastore_test

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/metadatastore"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func TestDatabases_AddressNamesTheDatabaseAndNobody(t *testing.T) {
	t.Parallel()

	outputs := map[string]any{"uri": "postgresql://10.0.0.7:30432", "cluster_uri": "postgresql://runs.mlstacks.svc.cluster.local:5432"}

	for name, c := range map[string]struct {
		expose  any
		outputs any
		want    any
	}{
		"for pods only": {map[string]any{"type": "none"}, outputs, "postgresql://runs.mlstacks.svc.cluster.local:5432/ml"},
		"exposed":       {map[string]any{"type": "node_port"}, outputs, "postgresql://10.0.0.7:30432/ml"},
		"before apply":  {map[string]any{"type": "none"}, zenml.Unknown{}, zenml.Unknown{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			facts := metadatastore.Postgres.Facts(metadatastore.Kind(), flavor.Subject{
				Name: "runs", Outputs: c.outputs, Values: flavor.Values{"database": "ml", "username": "ml", "expose": c.expose},
			})
			if facts.URI != c.want || facts.ZenML != nil {
				t.Errorf("address is %v, ZenML's flavor %v", facts.URI, facts.ZenML)
			}
		})
	}
}

func TestDatabases_RefuseAnIngress(t *testing.T) {
	t.Parallel()

	for _, f := range []flavor.Flavor{metadatastore.Postgres, metadatastore.MySQL} {
		for way, refused := range map[string]bool{"ingress": true, "node_port": false, "none": false} {
			problems := f.Check(metadatastore.Kind(), flavor.Subject{
				Name: "runs", Values: flavor.Values{"expose": map[string]any{"type": way, "host": "db.example.com", "port": int64(0)}},
			})
			if got := len(problems) > 0; got != refused {
				t.Errorf("%s by %s: %v", f.Name, way, problems)
			}
		}
	}
}
