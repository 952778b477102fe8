package modelregistry_test

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/modelregistry"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func tracker(of, uri any) map[string]any {
	return map[string]any{"name": "runs", "type": "experiment_tracker", "flavor": of, "uri": uri}
}

func TestMLflow_IsWhereItsTrackerIs(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ given, want any }{
		"no tracker":           {nil, nil},
		"tracker":              {tracker("mlflow", "http://10.0.0.7:30500"), "http://10.0.0.7:30500"},
		"tracker before apply": {tracker("mlflow", zenml.Unknown{}), zenml.Unknown{}},
		"unknown":              {zenml.Unknown{}, zenml.Unknown{}},
	} {
		facts := modelregistry.MLflow.Facts(modelregistry.Kind(), flavor.Subject{Name: "models", Values: flavor.Values{"experiment_tracker": c.given}})
		if facts.URI != c.want || len(facts.Configuration) > 0 || facts.ZenML != "mlflow" {
			t.Errorf("%s: address is %v, configuration %v", name, facts.URI, facts.Configuration)
		}
	}
}

func TestMLflow_RefusesATrackerWithoutARegistry(t *testing.T) {
	t.Parallel()

	for of, refused := range map[any]bool{"mlflow": false, "mlflow_server": false, "mlflow_local": false, "wandb": true, zenml.Unknown{}: false} {
		problems := modelregistry.MLflow.Check(modelregistry.Kind(), flavor.Subject{Values: flavor.Values{"experiment_tracker": tracker(of, "http://a")}})
		if len(problems) > 0 != refused {
			t.Errorf("%v: %v", of, problems)
		}
	}
}
