package mlopsplatform_test

import (
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/mlopsplatform"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func check(v flavor.Values) []flavor.Problem {
	home := map[string]any{"name": "dev", "incarnation": "1", "reference": map[string]any{"type": "k3d", "name": "dev"}}

	return mlopsplatform.ZenML.Check(mlopsplatform.Kind(), flavor.Subject{Name: "zenml", Values: v, Cluster: home})
}

func database(of, incarnation string, outputs any) map[string]any {
	return map[string]any{
		"name": "records", "type": "metadata_store", "flavor": of, "outputs": outputs,
		"cluster": map[string]any{"name": "dev", "incarnation": incarnation, "reference": map[string]any{"type": "k3d", "name": incarnation}},
	}
}

func TestZenML_RefusesDatabasesThatCannotServe(t *testing.T) {
	t.Parallel()

	unknown, inside := zenml.Unknown{}, map[string]any{"cluster_uri": "mysql://records.ml.svc.cluster.local:3306"}

	for name, c := range map[string]struct {
		values flavor.Values
		// says is what the objection says; empty: there is none.
		says string
	}{
		"none":                        {flavor.Values{}, ""},
		"nothing known":               {flavor.Values{"metadata_store": unknown, "database_secret": unknown}, ""},
		"MySQL beside it":             {flavor.Values{"metadata_store": database("mysql", "1", inside)}, ""},
		"MySQL to come":               {flavor.Values{"metadata_store": database("mysql", "1", unknown)}, ""},
		"PostgreSQL":                  {flavor.Values{"metadata_store": database("postgres", "1", inside)}, "MySQL or SQLite"},
		"a file on this machine":      {flavor.Values{"metadata_store": database("sqlite", "1", inside)}, "pods cannot see"},
		"one in AWS":                  {flavor.Values{"metadata_store": database("rds", "1", inside)}, "database_secret"},
		"elsewhere, for its own pods": {flavor.Values{"metadata_store": database("mysql", "2", inside)}, "another cluster"},
		"elsewhere, exposed": {
			flavor.Values{"metadata_store": database("mysql", "2", map[string]any{"uri": "mysql://10.0.0.7:30306"})}, "",
		},
		"by its address":      {flavor.Values{"database_secret": "records"}, ""},
		"two":                 {flavor.Values{"metadata_store": database("mysql", "1", inside), "database_secret": "records"}, "another one"},
		"perhaps two":         {flavor.Values{"metadata_store": unknown, "database_secret": "records"}, ""},
		"one and a default":   {flavor.Values{"metadata_store": database("mysql", "1", inside), "database_secret": ""}, ""},
		"one and nobody says": {flavor.Values{"metadata_store": database("mysql", "1", inside), "database_secret": unknown}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			problems := check(c.values)
			if len(problems) > 0 != (c.says != "") {
				t.Fatalf("problems are %v", problems)
			}

			for _, p := range problems {
				if !strings.Contains(p.Detail, c.says) {
					t.Errorf("it says %q, and not %q", p.Detail, c.says)
				}
			}
		})
	}
}

func TestZenML_IsMadeAnewOnAnotherDatabase(t *testing.T) {
	t.Parallel()

	one, other := database("mysql", "1", zenml.Unknown{}), map[string]any{"name": "other"}

	for name, c := range map[string]struct {
		attribute     string
		before, after any
		replaced      bool
	}{
		"none":             {"metadata_store", nil, nil, false},
		"the same":         {"metadata_store", one, database("mysql", "1", map[string]any{}), false},
		"another":          {"metadata_store", one, other, true},
		"volume to it":     {"metadata_store", nil, one, true},
		"back":             {"metadata_store", one, nil, true},
		"unknown":          {"metadata_store", one, zenml.Unknown{}, false},
		"no Secret":        {"database_secret", nil, "", false},
		"the same Secret":  {"database_secret", "a", "a", false},
		"another Secret":   {"database_secret", "a", "b", true},
		"volume to Secret": {"database_secret", "", "a", true},
	} {
		reasons := mlopsplatform.ZenML.Replaces(flavor.Values{c.attribute: c.before}, flavor.Values{c.attribute: c.after})
		if len(reasons) > 0 != c.replaced {
			t.Errorf("%s: reasons are %v", name, reasons)
		}
	}
}

func TestZenML_IsFoundWhereItWasReachedOrByPods(t *testing.T) {
	t.Parallel()

	outputs := map[string]any{"uri": "http://10.0.0.7:30800", "cluster_uri": "http://zenml.ml.svc.cluster.local:8080"}

	for way, want := range map[string]any{"node_port": outputs["uri"], "none": outputs["cluster_uri"]} {
		facts := mlopsplatform.ZenML.Facts(mlopsplatform.Kind(), flavor.Subject{
			Name: "zenml", Outputs: outputs, Values: flavor.Values{"expose": map[string]any{"type": way}},
		})

		if variables := mlopsplatform.ZenML.Environment(facts); facts.URI != want || variables["ZENML_STORE_URL"] != want {
			t.Errorf("exposed as %s it is at %v, and clients look at %v", way, facts.URI, variables)
		}
	}
}
