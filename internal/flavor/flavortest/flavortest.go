// Package flavortest is the conformance suite that every flavor passes: what the engine, the composition rules and the
// promises to the user rely on, tried through the public methods of flavor.Flavor without any CLI.
package flavortest

import (
	"context"
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Make makes a configuration: attribute name to nil, bool, string, int64, float64, []any or map[string]any, nested as
// the schema nests. What it names on this machine lies in dir, a directory that is empty; what the flavor wants to find
// there, such as a repository, it makes.
type Make func(t *testing.T, dir string) map[string]any

// Sample is what a flavor is tried with. Attributes that a configuration leaves out take the schema's defaults.
type Sample struct {
	// Config makes a minimal valid configuration. It is called anew for each check.
	Config Make
	// Changed makes a second valid configuration, which the first can become in place. It is called right after Config
	// with the same directory. Nil leaves out the checks of changes.
	Changed Make
	// Clouds makes the logins of one check, each to an account where nothing is yet. Nil leaves the lifecycle out for
	// flavors that need one.
	Clouds func(t *testing.T) flavor.Clouds
	// Connector is the service connector of the component; nil when it has none.
	Connector *zenml.Connector
}

// Always is a configuration that is the same wherever it is used.
func Always(config map[string]any) Make {
	return func(*testing.T, string) map[string]any { return config }
}

// Conform tries everything that a flavor of a kind has to fulfill. Drivers over a service come with a double inside.
func Conform(t *testing.T, kind flavor.Kind, f flavor.Flavor, sample Sample) {
	t.Helper()

	s := suite{kind: kind, flavor: f, sample: sample, attributes: f.Attributes(kind)}
	s.server = serve(f.Name, s.attributes)

	t.Run("schema", s.checkSchema)
	t.Run("facts", s.checkFacts)
	t.Run("zenml", s.checkZenML)
	t.Run("environment", s.checkEnvironment)

	if f.Clustered || kind.Hosts || f.Cloud != "" && sample.Clouds == nil {
		return // what needs a real cluster is tried with one; see internal/live
	}

	t.Run("lifecycle", s.checkLifecycle)
}

// suite is one flavor under test.
type suite struct {
	kind       flavor.Kind
	flavor     flavor.Flavor
	sample     Sample
	attributes map[string]schema.Attribute
	server     server
}

// given is one configuration in each of the forms in which the engine hands it on.
type given struct {
	// written is what the user wrote, as ValidateConfig sees it.
	written flavor.Values
	// planned is what ModifyPlan sees: with defaults, without write-only values.
	planned flavor.Values
	// full is what Create and Update get: with defaults and write-only values.
	full types.Object
	// stored is what Read and Delete get: as planned.
	stored types.Object
}

// samples makes both configurations in a directory; changed is the same as first when the sample has no second.
func (s suite) samples(t *testing.T, dir string) (first, changed given) {
	t.Helper()

	first = s.given(t, s.sample.Config(t, dir))
	if s.sample.Changed == nil {
		return first, first
	}

	return first, s.given(t, s.sample.Changed(t, dir))
}

// given puts a configuration through the framework's validation and planning.
func (s suite) given(t *testing.T, plain map[string]any) given {
	t.Helper()

	written, err := encode(s.server.inner(), plain)
	if err != nil {
		t.Fatalf("sample: %v", err)
	}

	if problems := s.server.validate(t, written); len(problems) > 0 {
		t.Fatalf("sample is not valid: %q", problems)
	}

	planned, _ := s.server.plan(t, tftypes.NewValue(s.server.inner(), nil), written)
	g := given{written: values(t, written), planned: values(t, planned), stored: s.object(t, planned)}

	attributes := g.stored.Attributes()
	whole := s.object(t, written)

	for name, attribute := range s.attributes {
		if attribute.IsWriteOnly() {
			attributes[name] = whole.Attributes()[name]
		}
	}

	g.full = types.ObjectValueMust(g.stored.AttributeTypes(t.Context()), attributes)

	return g
}

// object is a value as the framework hands it to flavors.
func (s suite) object(t *testing.T, value tftypes.Value) types.Object {
	t.Helper()

	made, err := types.ObjectType{AttrTypes: s.types()}.ValueFromTerraform(t.Context(), value)
	if err != nil {
		t.Fatalf("convert configuration: %v", err)
	}

	object, ok := made.(types.Object)
	if !ok {
		t.Fatalf("configuration is of type %T", made)
	}

	return object
}

func (s suite) types() map[string]attr.Type {
	all := make(map[string]attr.Type, len(s.attributes))
	for name, attribute := range s.attributes {
		all[name] = attribute.GetType()
	}

	return all
}

func values(t *testing.T, value tftypes.Value) flavor.Values {
	t.Helper()

	plain, known, err := flavor.PlainMap(value)
	if err != nil || !known {
		t.Fatalf("read configuration: known %v, %v", known, err)
	}

	return plain
}

// withSecrets is the sample with every write-only argument set to something that must not turn up anywhere.
func (s suite) withSecrets(t *testing.T, dir string) (g given, found bool) {
	t.Helper()

	config := maps.Clone(s.sample.Config(t, dir))

	for name, attribute := range s.attributes {
		if !attribute.IsWriteOnly() {
			continue
		}

		found = true
		config[name] = secretFor(attribute.GetType().TerraformType(context.Background()))
		config[name+versionSuffix] = int64(1)

		if field, ok := fieldOf(name); ok {
			delete(config, field+flavor.ReferenceSuffix)
		}
	}

	return s.given(t, config), found
}
