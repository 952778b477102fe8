package experimenttracker_test

import (
	"maps"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/experimenttracker"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

func TestMLflowServer_RefusesALoginInTheAddress(t *testing.T) {
	t.Parallel()

	for uri, refused := range map[string]bool{
		"https://mlflow.example.com:5000/ml":       false,
		"databricks":                               false,
		"{{mlflow.uri}}":                           false,
		"sqlite:////srv/ml/a:b@c.db":               false,
		"postgresql://ci@db/ml":                    false,
		"https://hunter2@mlflow.example.com":       true,
		"https://ci:hunter2@mlflow.example.com":    true,
		"postgresql+psycopg2://ci:a@b@db:5432/ml":  true,
		"mysql+pymysql://:hunter2@db.example.com/": true,
	} {
		if got := len(experimenttracker.MLflowServer.Check(experimenttracker.Kind(), flavor.Subject{Values: flavor.Values{"tracking_uri": uri}})) > 0; got != refused {
			t.Errorf("%s: refused is %v, want %v", uri, got, refused)
		}
	}
}

func TestMLflowServer_TellsClientsHowToReachIt(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ configuration, want map[string]any }{
		"server": {
			map[string]any{"tracking_uri": "https://mlflow.example.com", "tracking_insecure_tls": false},
			map[string]any{"MLFLOW_TRACKING_URI": "https://mlflow.example.com"},
		},
		"unverified certificate": {
			map[string]any{"tracking_uri": "https://mlflow.example.com", "tracking_insecure_tls": true},
			map[string]any{"MLFLOW_TRACKING_URI": "https://mlflow.example.com", "MLFLOW_TRACKING_INSECURE_TLS": true},
		},
		"Databricks": {
			map[string]any{"tracking_uri": "databricks", "databricks_host": "https://dbc.example.com"},
			map[string]any{"MLFLOW_TRACKING_URI": "databricks", "DATABRICKS_HOST": "https://dbc.example.com"},
		},
		"address in a secret": {map[string]any{"tracking_uri": "{{mlflow.uri}}"}, map[string]any{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := experimenttracker.MLflowServer.Environment(flavor.Facts{Configuration: c.configuration}); !maps.Equal(got, c.want) {
				t.Errorf("variables are %v, want %v", got, c.want)
			}
		})
	}
}
