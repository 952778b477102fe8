package provider_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// A stack that was removed by hand is made anew, with another id, while its components are there still. Newer versions of
// Terraform keep the id as the identity.
func TestIdentity_OfARegistrationFollowsAStackThatIsMadeAnew(t *testing.T) {
	t.Parallel()

	const registration, name = "mlstacks_stack_registration", "reg-identity"

	server := zenml.NewServer(t)
	client := zenserver.New(zenserver.Config{URL: server.URL, APIKey: server.APIKey})

	p := speak(t)
	login := map[string]tftypes.Value{"url": text(server.URL), "api_key": text(server.APIKey)}
	p.configure(map[string]tftypes.Value{"zenml": flavortest.Object(t, attributeOf(p, p.schemas.Provider.ValueType(), "zenml"), login)})

	stack := attributeOf(p, p.typeOf(registration), "stack")
	slot := func(kind string, configuration map[string]tftypes.Value) tftypes.Value {
		of := attributeOf(p, stack, kind)
		known := map[string]tftypes.Value{
			"flavor": text("local"), "configuration": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, configuration),
		}

		return flavortest.Object(t, of, map[string]tftypes.Value{
			"name": text(name), "type": text(kind), "flavor": text("local"), "zenml": flavortest.Object(t, attributeOf(p, of, "zenml"), known),
		})
	}
	want := map[string]tftypes.Value{
		"platform": p.nested(registration, "platform", map[string]tftypes.Value{
			"name": text(name), "type": text("mlops_platform"), "flavor": text("zenml_server"), "uri": text(server.URL),
		}),
		"stack": flavortest.Object(t, stack, map[string]tftypes.Value{
			"name": text(name), "orchestrator": slot("orchestrator", map[string]tftypes.Value{}),
			"artifact_store": slot("artifact_store", map[string]tftypes.Value{"path": text(t.TempDir())}),
		}),
	}

	made, _ := p.apply(registration, p.nothing(registration), want)
	before := p.parts(registration, made.identity)

	must(t, client.DeleteStack(t.Context(), before["id"]))

	seen := p.read(registration, made)
	if is := p.parts(registration, seen.identity); !maps.Equal(is, before) {
		t.Errorf("read as %v, and made as %v", is, before)
	}

	again, replaced := p.apply(registration, seen, want)
	after := p.parts(registration, again.identity)

	found, err := client.Stack(t.Context(), after["id"])
	if err != nil || replaced || after["id"] == before["id"] {
		t.Fatalf("made anew as %v, replaced %t (%v)", after, replaced, err)
	}

	must(t, client.DeleteStack(t.Context(), found.ID))

	for _, components := range found.Components {
		for _, c := range components {
			must(t, client.DeleteComponent(t.Context(), c.ID))
		}
	}
}

// attributeOf is the type of an attribute.
func attributeOf(p protocol, of tftypes.Type, name string) tftypes.Type {
	p.Helper()

	kind, ok := of.(tftypes.Object)
	if !ok || kind.AttributeTypes[name] == nil {
		p.Fatalf("%s has no %s", of, name)
	}

	return kind.AttributeTypes[name]
}
