package stack

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// A component is judged when it is written, and again through its zenml view when a stack takes it. Both must say the
// same of every configuration, for every built-in flavor: what the view loses would be a hole in the plan.
func TestView_IsJudgedLikeTheConfigurationItComesFrom(t *testing.T) {
	t.Parallel()

	const rounds = 300

	random := rand.New(rand.NewPCG(98, 0)) //nolint:gosec // a test wants the same values each time
	judged, refused := 0, 0

	for _, kind := range catalog.Kinds() {
		for _, f := range kind.Flavors {
			if _, ok := zenml.Lookup(kind.Name, f.ZenML); !ok || !kind.ZenML {
				continue
			}

			for range rounds {
				values := configuration(random, kind, f)
				facts := f.Facts(kind, flavor.Subject{Name: "c", Values: values})
				written := verdict(kind, f, facts.Judge(kind.Name, nil))
				viewed := viewVerdict(kind, f, facts)
				judged++

				if len(written) > 0 {
					refused++
				}

				if !slices.Equal(written, viewed) {
					t.Errorf("%s.%s: %v\n  written: %v\n  viewed:  %v", kind.Name, f.Name, values, written, viewed)
				}
			}
		}
	}

	t.Logf("judged %d configurations, %d of them refused, both ways alike", judged, refused)

	if refused == 0 || refused == judged {
		t.Error("the configurations say nothing: all or none were refused")
	}
}

// verdict names fields as ZenML keeps them: a stack has what an old name says under the new one.
func verdict(kind flavor.Kind, f flavor.Flavor, problems []zenml.Problem) []string {
	var said []string

	known, _ := zenml.Lookup(kind.Name, f.ZenML)

	for _, p := range problems {
		if field, ok := known.Field(p.Path[0]); ok && field.ReplacedBy != "" && p.Rule != "zenml-renamed-field" {
			p.Path = append([]string{field.ReplacedBy}, p.Path[1:]...)
		}

		said = append(said, fmt.Sprintf("%s %v", p.Rule, p.Path))
	}

	slices.Sort(said)

	return slices.Compact(said)
}

// viewVerdict goes the way of a stack: the facts as the state keeps them, read back from a slot.
func viewVerdict(kind flavor.Kind, f flavor.Flavor, facts flavor.Facts) []string {
	c := readComponent(kind, kind.Name, map[string]any{
		"name": "c", "type": kind.Name, "flavor": f.Name, "uri": facts.URI,
		"zenml": map[string]any{"flavor": f.ZenML, "configuration": facts.Texts(kind.Name)},
	})

	var said []string

	for _, p := range (compose.Checker{ImageBuilderDefault: true}).Check(compose.Stack{Components: []compose.Component{c.Component}}) {
		if p.Kind == compose.KindConfig {
			said = append(said, fmt.Sprintf("%s %v", p.ID, p.Subject.Path))
		}
	}

	slices.Sort(said)

	return slices.Compact(said)
}

var someTexts = []string{
	"x", "http://localhost:5000", "https://mlflow.example.com", "s3://bucket", "az://container", "gs://bucket", "file:/tmp/x", "databricks",
	"{{secret.key}}", "true", "70000", "3", "localhost:5000", "registry.digitalocean.com/acme", "[1]", "{}", "fra1", "compute-cluster",
}

// configuration makes up values for some attributes of a flavor, of the types that its schema lets pass, and settings of
// any type.
func configuration(random *rand.Rand, kind flavor.Kind, f flavor.Flavor) flavor.Values {
	values := flavor.Values{}

	for _, name := range slices.Sorted(maps.Keys(f.Attributes(kind))) {
		if random.IntN(2) == 0 || name == "settings" {
			continue
		}

		switch f.Attributes(kind)[name].(type) {
		case schema.StringAttribute:
			values[name] = someTexts[random.IntN(len(someTexts))]

			if strings.HasSuffix(name, flavor.ReferenceSuffix) {
				values[name] = "secret.key" // the schema lets nothing else pass
			}
		case schema.Int64Attribute:
			values[name] = int64(random.IntN(100))
		case schema.Float64Attribute:
			values[name] = float64(random.IntN(100)) / 4
		case schema.BoolAttribute:
			values[name] = random.IntN(2) == 0
		case schema.ListAttribute:
			values[name] = []any{"a"}
		case schema.MapAttribute:
			values[name] = map[string]any{"a": "b"}
		}
	}

	facts, _ := zenml.Lookup(kind.Name, f.ZenML)
	settings := map[string]any{}

	for range random.IntN(3) {
		if len(facts.Fields) > 0 {
			field := facts.Fields[random.IntN(len(facts.Fields))]
			if value := anything(random); !field.Secret && (!field.IsSingle() || !isCompound(value)) {
				settings[field.Name] = value
			}
		}
	}

	if _, ok := f.Attributes(kind)["settings"]; ok {
		values["settings"] = settings
	}

	return values
}

// isCompound tells lists and objects. Given for a text they are refused when the component is planned, so that no view
// of them ever exists (TestSettings_RefuseAListForAText).
func isCompound(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}

	return false
}

func anything(random *rand.Rand) any {
	return []any{
		"x", "3", "true", int64(3), int64(-1), 2.5, true,
		[]any{"a", int64(1)},
		map[string]any{"a": "b"},
		map[string]any{"a": int64(1)},
		"",
		[]any{},
		"{{secret.key}}",
	}[random.IntN(13)]
}

func TestSettings_RefuseAListForAText(t *testing.T) {
	t.Parallel()

	kind, f := airflow(t)
	facts := f.Facts(kind, flavor.Subject{Name: "c", Values: flavor.Values{"settings": map[string]any{"dag_id": []any{"a"}}}})

	if said := verdict(kind, f, facts.Judge(kind.Name, nil)); len(said) != 1 {
		t.Errorf("want one objection, got %v", said)
	}
}

func airflow(t *testing.T) (flavor.Kind, flavor.Flavor) {
	t.Helper()

	for _, kind := range catalog.Kinds() {
		if f, ok := kind.Flavor("airflow"); ok {
			return kind, f
		}
	}

	t.Fatal("no flavor airflow")

	return flavor.Kind{}, flavor.Flavor{}
}
