package component_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/component"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/custom"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// inCluster is a thing that lives in a cluster: only there it is found.
type inCluster struct{ thingDriver }

func (d inCluster) Read(ctx context.Context, in flavor.Input, id string, cfg thing) (thing, flavor.Result, error) {
	if in.Cluster == nil || in.Cluster.Name != "home" {
		return cfg, flavor.Result{}, flavor.ErrNotFound
	}

	return d.thingDriver.Read(ctx, in, id, cfg)
}

// clusteredStub serves the one kind "alerter" with a flavor that lives in a cluster and takes things over.
type clusteredStub struct{ stub }

func (clusteredStub) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "stub"
}

func (s clusteredStub) Resources(context.Context) []func() resource.Resource {
	f := flavor.Define[thing](flavor.Meta{Name: "thing", Summary: "A thing.", Clustered: true, Named: true, Moves: []flavor.Move{{
		Type: "other_thing", Provider: "acme/other",
		Take: func(state flavor.Former) (flavor.Moved, error) {
			id, err := state.Text("id")

			return flavor.Moved{ID: id}, err
		},
	}}}, map[string]schema.Attribute{
		"size": schema.Int64Attribute{Required: true, MarkdownDescription: "Size."},
	}, inCluster{thingDriver{s.world}})
	kind := flavor.Kind{Name: "alerter", Purpose: "For tests.", Clustered: true, Flavors: []flavor.Flavor{f}}

	return []func() resource.Resource{func() resource.Resource { return component.New(kind, custom.Door(kind)) }}
}

// What was moved from a state that tells no cluster is looked for where the configuration says, before anything is changed: it
// is kept as it is until then, and never made a second time, under another name or in another cluster.
func TestMoved_IsLookedForWhereTheConfigurationSays(t *testing.T) {
	t.Parallel()

	server := providerserver.NewProtocol6(clusteredStub{stub{world: &world{sizes: map[string]int64{"x": 1}}}})()

	_, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{})
	must(t, err)

	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	of := schemas.ResourceSchemas["stub_alerter"].ValueType()

	moved, err := server.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/acme/other", SourceTypeName: "other_thing", TargetTypeName: "stub_alerter",
		SourceState: &tfprotov6.RawState{JSON: []byte(`{"id": "x"}`)},
	})
	must(t, err)
	says(t, moved.Diagnostics, "")

	read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "stub_alerter", CurrentState: moved.TargetState, Private: moved.TargetPrivate,
	})
	must(t, err)
	says(t, read.Diagnostics, "")

	before, err := moved.TargetState.Unmarshal(of)
	must(t, err)

	after, err := read.NewState.Unmarshal(of)
	must(t, err)

	if !after.Equal(before) {
		t.Errorf("a read made of %v %v", before, after)
	}

	for _, c := range []struct{ name, cluster, says string }{
		{"x", "home", ""},
		{"x", "elsewhere", `What was moved here is not in cluster "elsewhere"`},
		{"y", "home", `What was moved here is called "x", and the component "y"`},
	} {
		config := written(t, of, c.name, c.cluster)

		planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: "stub_alerter", PriorState: read.NewState, ProposedNewState: config, Config: config, PriorPrivate: read.Private,
		})
		must(t, err)
		says(t, planned.Diagnostics, c.says)

		if len(planned.RequiresReplace) > 0 {
			t.Errorf("%s in %s would be replaced because of %v", c.name, c.cluster, planned.RequiresReplace)
		}
	}
}

// written is a configuration of a thing of size 2.
func written(t *testing.T, of tftypes.Type, name, cluster string) *tfprotov6.DynamicValue {
	t.Helper()

	object, ok := of.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", of)
	}

	value, err := tfprotov6.NewDynamicValue(of, flavortest.Object(t, of, map[string]tftypes.Value{
		"name":    tftypes.NewValue(tftypes.String, name),
		"managed": tftypes.NewValue(tftypes.Bool, true),
		"thing":   tftypes.NewValue(object.AttributeTypes["thing"], map[string]tftypes.Value{"size": tftypes.NewValue(tftypes.Number, 2)}),
		"cluster": tftypes.NewValue(object.AttributeTypes["cluster"], map[string]tftypes.Value{
			"name": tftypes.NewValue(tftypes.String, cluster), "incarnation": tftypes.NewValue(tftypes.String, nil),
			"reference": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{"type": tftypes.NewValue(tftypes.String, "k3d")}),
		}),
	}))
	must(t, err)

	return &value
}

// says wants an error with a text, or none at all where there is no text.
func says(t *testing.T, diagnostics []*tfprotov6.Diagnostic, text string) {
	t.Helper()

	var said strings.Builder
	for _, d := range diagnostics {
		said.WriteString(d.Summary + ": " + d.Detail + "\n")
	}

	if (text == "") != (said.Len() == 0) || !strings.Contains(said.String(), text) {
		t.Errorf("it said %q, and should say %q", said.String(), text)
	}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
