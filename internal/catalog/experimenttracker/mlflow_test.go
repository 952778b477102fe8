package experimenttracker_test

import (
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/experimenttracker"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func check(v flavor.Values) []flavor.Problem {
	home := map[string]any{"name": "dev", "incarnation": "1", "reference": map[string]any{"type": "k3d", "name": "dev"}}

	return experimenttracker.MLflow.Check(experimenttracker.Kind(), flavor.Subject{Name: "runs", Values: v, Cluster: home})
}

func component(kind, of, incarnation string, outputs any) map[string]any {
	return map[string]any{
		"name": "other", "type": kind, "flavor": of, "outputs": outputs,
		"cluster": map[string]any{"name": "dev", "incarnation": incarnation, "reference": map[string]any{"type": "k3d", "name": incarnation}},
	}
}

func TestMLflow_RefusesStoresThatCannotServe(t *testing.T) {
	t.Parallel()

	unknown, none := zenml.Unknown{}, map[string]any{"cluster_uri": "x"}

	for name, c := range map[string]struct {
		attribute string
		given     any
		refused   bool
	}{
		"nothing":                        {"metadata_store", nil, false},
		"nothing known":                  {"metadata_store", unknown, false},
		"database beside it":             {"metadata_store", component("metadata_store", "postgres", "1", unknown), false},
		"file on this machine":           {"metadata_store", component("metadata_store", "sqlite", "1", none), true},
		"remote of DVC":                  {"metadata_store", component("metadata_store", "dvc", "1", none), true},
		"store in place of database":     {"metadata_store", component("artifact_store", "minio", "1", none), true},
		"bucket beside it":               {"artifact_store", component("artifact_store", "minio", "1", none), false},
		"directory on this machine":      {"artifact_store", component("artifact_store", "local", "1", none), true},
		"bucket without Secret":          {"artifact_store", component("artifact_store", "b2", "1", none), true},
		"elsewhere, for pods only":       {"artifact_store", component("artifact_store", "minio", "2", none), true},
		"elsewhere, only for this host":  {"artifact_store", component("artifact_store", "minio", "2", map[string]any{"uri": "http://localhost:9000"}), true},
		"elsewhere, exposed":             {"artifact_store", component("artifact_store", "minio", "2", map[string]any{"uri": "http://10.0.0.7:30900"}), false},
		"elsewhere, exposed after apply": {"artifact_store", component("artifact_store", "minio", "2", unknown), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if problems := check(flavor.Values{c.attribute: c.given}); len(problems) > 0 != c.refused {
				t.Errorf("refused: %v", problems)
			}
		})
	}
}

func TestMLflow_WantsExactlyOneLogin(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		values  flavor.Values
		refused bool
	}{
		"by default":     {flavor.Values{}, false},
		"password":       {flavor.Values{"basic_auth": true}, false},
		"token":          {flavor.Values{"basic_auth": false, "tracking_token_secret": "proxy.token"}, false},
		"none":           {flavor.Values{"basic_auth": false}, true},
		"two":            {flavor.Values{"basic_auth": true, "tracking_token_secret": "proxy.token"}, true},
		"unknown":        {flavor.Values{"basic_auth": zenml.Unknown{}, "tracking_token_secret": "proxy.token"}, false},
		"perhaps two":    {flavor.Values{"tracking_token_secret": zenml.Unknown{}}, false},
		"users in MySQL": {flavor.Values{"metadata_store": component("metadata_store", "mysql", "1", zenml.Unknown{})}, true},
		"runs in MySQL": {
			flavor.Values{"metadata_store": component("metadata_store", "mysql", "1", zenml.Unknown{}), "basic_auth": false, "tracking_token_secret": "proxy.token"}, false,
		},
		"password unneeded": {flavor.Values{"basic_auth": false, "tracking_token_secret": "proxy.token", "password_wo_version": int64(1)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if problems := check(c.values); len(problems) > 0 != c.refused {
				t.Errorf("refused: %v", problems)
			}
		})
	}
}

func TestMLflow_TellsZenMLWhereTheLoginIsAndNotWhatItIs(t *testing.T) {
	t.Parallel()

	subject := flavor.Subject{
		Name: "runs", Outputs: map[string]any{"uri": "http://10.0.0.7:30500"},
		Values: flavor.Values{"expose": map[string]any{"type": "node_port"}, "basic_auth": true, "nested": false, "experiment_name": "churn"},
	}
	facts := experimenttracker.MLflow.Facts(experimenttracker.Kind(), subject)

	for field, want := range map[string]any{
		"tracking_uri": "http://10.0.0.7:30500", "tracking_username": "{{runs.username}}", "tracking_password": "{{runs.password}}",
		"experiment_name": "churn", "nested": false,
	} {
		if facts.Configuration[field] != want {
			t.Errorf("%s is %v, want %v", field, facts.Configuration[field], want)
		}
	}

	if variables := experimenttracker.MLflow.Environment(facts); len(variables) != 1 || variables["MLFLOW_TRACKING_URI"] != facts.URI {
		t.Errorf("variables are %v", variables)
	}

	subject.Values["basic_auth"] = false

	if _, there := experimenttracker.MLflow.Facts(experimenttracker.Kind(), subject).Configuration["tracking_password"]; there {
		t.Error("a server without a login has a password")
	}
}

func TestMLflow_IsMadeAnewOnAnotherStore(t *testing.T) {
	t.Parallel()

	one, other := map[string]any{"name": "one", "outputs": map[string]any{}}, map[string]any{"name": "other"}
	same := map[string]any{"name": "one", "outputs": zenml.Unknown{}}

	for name, c := range map[string]struct {
		before, after any
		replaced      bool
	}{
		"none":         {nil, nil, false},
		"the same":     {one, same, false},
		"another":      {one, other, true},
		"volume to it": {nil, one, true},
		"back":         {one, nil, true},
		"unknown":      {one, zenml.Unknown{}, false},
	} {
		if got := len(experimenttracker.MLflow.Replaces(flavor.Values{"metadata_store": c.before}, flavor.Values{"metadata_store": c.after})) > 0; got != c.replaced {
			t.Errorf("%s: replaced is %v", name, got)
		}
	}
}
