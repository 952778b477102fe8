package custom

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var stores = flavor.Kind{Name: "artifact_store", ZenML: true}

// lakefs is an mlstacks_flavor, whole.
func lakefs(more conf) conf {
	of := conf{"component_type": "artifact_store", "name": "lakefs", "schemes": nil, "provides": nil, "config_schema": nil}
	maps.Copy(of, more)

	return of
}

func TestDoor_Refuses(t *testing.T) {
	t.Parallel()

	schemes := []any{"s3://", "lakefs://"}
	cases := map[string]struct {
		values flavor.Values
		at     string
		says   []string
	}{
		"flavor of another type": {
			flavor.Values{"flavor": lakefs(conf{"component_type": "orchestrator"})},
			"flavor",
			[]string{`Flavor "lakefs" is for orchestrator, and this is artifact_store`, "mlstacks_orchestrator"},
		},
		"flavor of another type whose name is unknown": {
			flavor.Values{"flavor": lakefs(conf{"component_type": "orchestrator", "name": later})},
			"flavor",
			[]string{"The flavor is for orchestrator"},
		},
		"scheme": {
			flavor.Values{"flavor": lakefs(conf{"schemes": schemes}), "config": conf{"path": "gs://b"}},
			"config.path",
			[]string{`"gs://b"`, "s3://, lakefs://"},
		},
		"configuration that is a text": {
			flavor.Values{"flavor": lakefs(nil), "config": "path"},
			"config",
			[]string{"config = { … }"},
		},
		"configuration that is a list": {
			flavor.Values{"flavor": lakefs(nil), "config": []any{"path"}},
			"config",
			[]string{"config = { … }"},
		},
		"no configuration where one is needed": {
			flavor.Values{"flavor": lakefs(conf{"config_schema": `{"required": ["path"]}`})},
			"config",
			[]string{"custom.config: missing: path", `flavor "lakefs"`},
		},
		"key that the schema does not have": {
			flavor.Values{"flavor": lakefs(conf{"config_schema": `{"additionalProperties": false}`}), "config": conf{"pth": "x"}},
			"config.pth",
			[]string{"custom.config.pth: the schema has no such key"},
		},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			problems := Door(stores).Check(stores, flavor.Subject{Values: c.values})
			if len(problems) != 1 {
				t.Fatalf("%d problems, want 1: %v", len(problems), problems)
			}

			if at := strings.Join(problems[0].Path, "."); at != c.at {
				t.Errorf("at %s, want %s", at, c.at)
			}

			for _, text := range c.says {
				if !strings.Contains(problems[0].Detail, text) {
					t.Errorf("%q does not say %q", problems[0].Detail, text)
				}
			}
		})
	}
}

func TestDoor_DefersAndAccepts(t *testing.T) {
	t.Parallel()

	cases := map[string]flavor.Values{
		"nothing yet":                 {"flavor": nil},
		"unknown flavor":              {"flavor": later, "config": conf{"path": "x"}},
		"unknown type":                {"flavor": lakefs(conf{"component_type": later})},
		"unknown configuration":       {"flavor": lakefs(conf{"config_schema": `{"required": ["path"]}`}), "config": later},
		"unknown schema":              {"flavor": lakefs(conf{"config_schema": later}), "config": conf{"path": "x"}},
		"unknown schemes":             {"flavor": lakefs(conf{"schemes": later}), "config": conf{"path": "gs://b"}},
		"scheme among unknown ones":   {"flavor": lakefs(conf{"schemes": []any{"s3://", later}}), "config": conf{"path": "gs://b"}},
		"unknown path":                {"flavor": lakefs(conf{"schemes": []any{"s3://"}}), "config": conf{"path": later}},
		"path that is a secret":       {"flavor": lakefs(conf{"schemes": []any{"s3://"}}), "config": conf{"path": "{{store.path}}"}},
		"one of the schemes":          {"flavor": lakefs(conf{"schemes": []any{"s3://", "lakefs://"}}), "config": conf{"path": "lakefs://b"}},
		"no schema, any key":          {"flavor": lakefs(nil), "config": conf{"a": conf{"b": []any{nil}}}},
		"no configuration, no schema": {"flavor": lakefs(nil)},
	}

	for name, values := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if problems := Door(stores).Check(stores, flavor.Subject{Values: values}); len(problems) > 0 {
				t.Errorf("refused: %v", problems)
			}
		})
	}
}

func TestDoor_TellsFacts(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		values flavor.Values
		want   flavor.Facts
	}{
		"known": {
			flavor.Values{"flavor": lakefs(conf{"provides": []any{"s3", "gcs"}}), "config": conf{"uri": "s3://b", "n": nil}},
			flavor.Facts{
				Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{"uri": "s3://b", "n": nil}, Provides: []string{"s3", "gcs"}, URI: "s3://b",
			},
		},
		"provides nothing, in so many words": {
			flavor.Values{"flavor": lakefs(conf{"provides": []any{}})},
			flavor.Facts{Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{}, Provides: []string{}},
		},
		"unknown flavor": {
			flavor.Values{"flavor": later},
			flavor.Facts{Flavor: later, ZenML: later, Provides: later, URI: later},
		},
		"unknown abilities": {
			flavor.Values{"flavor": lakefs(conf{"provides": later})},
			flavor.Facts{Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{}, Provides: later},
		},
		"unknown ability": {
			flavor.Values{"flavor": lakefs(conf{"provides": []any{"s3", later}})},
			flavor.Facts{Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{}, Provides: later},
		},
		"unknown configuration": {
			flavor.Values{"flavor": lakefs(nil), "config": later},
			flavor.Facts{Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{}, Open: true, URI: later},
		},
		"unknown address": {
			flavor.Values{"flavor": lakefs(nil), "config": conf{"path": later, "uri": "x"}},
			flavor.Facts{Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{"path": later, "uri": "x"}, URI: later},
		},
		"object in the place of an address": {
			flavor.Values{"flavor": lakefs(nil), "config": conf{"path": conf{"a": later}}},
			flavor.Facts{Flavor: "custom/lakefs", ZenML: "lakefs", Configuration: conf{"path": conf{"a": later}}},
		},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if got := Door(stores).Facts(stores, flavor.Subject{Name: "main", Values: c.values}); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %#v\nwant %#v", got, c.want)
			}
		})
	}
}

// What is planned must be what apply finds: where a fact changes, it was unknown.
func TestDoor_FactsNeverContradictThePlan(t *testing.T) {
	t.Parallel()

	plan := Door(stores).Facts(stores, flavor.Subject{Name: "main", Values: flavor.Values{"flavor": lakefs(conf{"provides": []any{later}}), "config": conf{"path": later}}})
	apply := Door(stores).Facts(stores, flavor.Subject{Name: "main", Values: flavor.Values{"flavor": lakefs(conf{"provides": []any{"s3"}}), "config": conf{"path": nil}}})

	if !zenml.IsUnknown(plan.Provides) || !slices.Equal(apply.Provides.([]string), []string{"s3"}) { //nolint:errcheck // a panic is a failure
		t.Errorf("planned %v, then %v", plan.Provides, apply.Provides)
	}

	if _, ok := apply.Configuration["path"]; !ok {
		t.Error("a key that was planned as unknown vanished")
	}
}

func TestDoor_SplitsTheIdentifierOfAnImport(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		name, id string
		ok       bool
	}{
		"lakefs/main":   {"custom/lakefs", "main", true},
		"lakefs/main/x": {"", "", false},
		"lakefs":        {"", "", false},
		"lakefs/":       {"", "", false},
		"/main":         {"", "", false},
		"-lakefs/main":  {"", "", false},
		"lakefs/-main":  {"", "", false},
		"":              {"", "", false},
	}

	for identifier, want := range cases {
		name, id, ok := imported(identifier)
		if ok != want.ok || ok && (name != want.name || id != want.id) {
			t.Errorf("%q is %q, %q, %v; want %v", identifier, name, id, ok, want)
		}
	}
}
