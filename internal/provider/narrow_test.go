package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
)

// For every flavor of every kind, the smaller schema must lead to the same plan as the full one: the same planned state,
// the same replacements, the same objections.
func TestNarrowing_PlansLikeTheFullSchema(t *testing.T) {
	t.Parallel()

	full, narrow := providerserver.NewProtocol6(New("test")())(), NewServer("test")
	schemas, err := full.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	for _, server := range []tfprotov6.ProviderServer{full, narrow} {
		block := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"default_labels": tftypes.Map{ElementType: tftypes.String}}}
		config := dynamic(t, block, tftypes.NewValue(block, map[string]tftypes.Value{
			"default_labels": tftypes.NewValue(block.AttributeTypes["default_labels"], map[string]tftypes.Value{
				"team": tftypes.NewValue(tftypes.String, "ml"),
			}),
		}))
		_, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
		must(t, err)
	}

	for _, kind := range catalog.Kinds() {
		for _, f := range kind.Flavors {
			t.Run(kind.Name+"."+f.Name, func(t *testing.T) {
				t.Parallel()

				name := typeName + "_" + kind.Name
				schema := schemas.ResourceSchemas[name]
				request := creation(t, name, schema, f.Name)
				want, got := planned(t, full, schema, request), planned(t, narrow, schema, request)

				if !got.state.Equal(want.state) {
					t.Errorf("planned\n%s\nwant\n%s", got.state, want.state)
				}

				if got.said != want.said || got.replaced != want.replaced {
					t.Errorf("said %q and replaced %d, want %q and %d", got.said, got.replaced, want.said, want.replaced)
				}
			})
		}
	}
}

// creation is a request to plan a component of one flavor, none of whose attributes is set.
func creation(t *testing.T, name string, schema *tfprotov6.Schema, flavor string) *tfprotov6.PlanResourceChangeRequest {
	t.Helper()

	object, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", name)
	}

	values := map[string]tftypes.Value{}
	for attribute, kind := range object.AttributeTypes {
		values[attribute] = tftypes.NewValue(kind, nil)
	}

	values["name"] = tftypes.NewValue(tftypes.String, "x")

	if inner, ok := object.AttributeTypes[flavor].(tftypes.Object); ok {
		empty := map[string]tftypes.Value{}
		for attribute, kind := range inner.AttributeTypes {
			empty[attribute] = tftypes.NewValue(kind, nil)
		}

		values[flavor] = tftypes.NewValue(inner, empty)
	}

	config := dynamic(t, object, tftypes.NewValue(object, values))

	for _, attribute := range schema.Block.Attributes {
		if attribute.Computed && values[attribute.Name].IsNull() {
			values[attribute.Name] = tftypes.NewValue(object.AttributeTypes[attribute.Name], tftypes.UnknownValue)
		}
	}

	return &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, Config: config, ProposedNewState: dynamic(t, object, tftypes.NewValue(object, values)),
		PriorState: dynamic(t, object, tftypes.NewValue(object, nil)),
	}
}

type plan struct {
	state    tftypes.Value
	said     string
	replaced int
}

func planned(t *testing.T, server tfprotov6.ProviderServer, schema *tfprotov6.Schema, req *tfprotov6.PlanResourceChangeRequest) plan {
	t.Helper()

	resp, err := server.PlanResourceChange(t.Context(), req)
	must(t, err)

	state, err := resp.PlannedState.Unmarshal(schema.ValueType())
	must(t, err)

	p := plan{state: state, replaced: len(resp.RequiresReplace)}
	for _, d := range resp.Diagnostics {
		p.said += d.Summary + ": " + d.Detail + "\n"
	}

	return p
}

func dynamic(t *testing.T, kind tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()

	encoded, err := tfprotov6.NewDynamicValue(kind, value)
	must(t, err)

	return &encoded
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
