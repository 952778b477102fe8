package flavortest

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const typeName = "flavortest_component"

// server is the framework's own server around nothing but the nested attribute of a flavor. It validates and fills in
// defaults as under Terraform.
type server struct {
	name   string
	schema schema.Schema
	serve  tfprotov6.ProviderServer
}

func serve(name string, attributes map[string]schema.Attribute) server {
	s := schema.Schema{Attributes: map[string]schema.Attribute{
		name: schema.SingleNestedAttribute{Optional: true, Attributes: attributes},
	}}

	return server{name: name, schema: s, serve: providerserver.NewProtocol6(stub{schema: s})()}
}

// inner is the type of the nested attribute.
func (s server) inner() tftypes.Type {
	return s.schema.Attributes[s.name].GetType().TerraformType(context.Background())
}

func (s server) outer() tftypes.Type {
	return tftypes.Object{AttributeTypes: map[string]tftypes.Type{s.name: s.inner()}}
}

func (s server) wrap(t *testing.T, config tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()

	value := tftypes.NewValue(s.outer(), nil)
	if !config.IsNull() {
		value = tftypes.NewValue(s.outer(), map[string]tftypes.Value{s.name: config})
	}

	wrapped, err := tfprotov6.NewDynamicValue(s.outer(), value)
	if err != nil {
		t.Fatalf("encode configuration: %v", err)
	}

	return &wrapped
}

// validate runs the validators of the schema.
func (s server) validate(t *testing.T, config tftypes.Value) []string {
	t.Helper()

	resp, err := s.serve.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName:           typeName,
		Config:             s.wrap(t, config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	if err != nil {
		t.Fatalf("validate: %v", err)
	}

	return texts(resp.Diagnostics)
}

// plan fills in defaults, takes write-only values away, and says whether the change asks for replacement.
func (s server) plan(t *testing.T, prior, config tftypes.Value) (planned tftypes.Value, replace bool) {
	t.Helper()

	resp, err := s.serve.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName:         typeName,
		PriorState:       s.wrap(t, prior),
		ProposedNewState: s.wrap(t, config),
		Config:           s.wrap(t, config),
	})
	if err != nil {
		t.Fatalf("plan: %v", err)
	}

	if problems := texts(resp.Diagnostics); len(problems) > 0 {
		t.Fatalf("plan: %q", problems)
	}

	whole, err := resp.PlannedState.Unmarshal(s.outer())
	if err != nil {
		t.Fatalf("decode plan: %v", err)
	}

	var parts map[string]tftypes.Value
	if err := whole.As(&parts); err != nil {
		t.Fatalf("decode plan: %v", err)
	}

	return parts[s.name], len(resp.RequiresReplace) > 0
}

func texts(diagnostics []*tfprotov6.Diagnostic) []string {
	var all []string

	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, d.Summary+": "+d.Detail)
		}
	}

	return all
}

// stub is a provider with one resource, which is only planned.
type stub struct{ schema schema.Schema }

// Metadata names the provider, whose name the type of the resource begins with.
func (stub) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "flavortest"
}

// Schema leaves the provider block empty: a flavor is planned without a login.
func (stub) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

// Configure has nothing to hand on to the resource.
func (stub) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// DataSources are none: a flavor has no part in any.
func (stub) DataSources(context.Context) []func() datasource.DataSource { return nil }

// Resources is the one around the flavor's attribute.
func (p stub) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return component(p) }}
}

// component is the resource with nothing but the flavor's attribute. What is tried of it are validation and planning, which the
// framework does by the schema alone.
type component struct{ schema schema.Schema }

// Metadata names the resource as requests to the server call it.
func (component) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

// Schema is the flavor's, so that validators, defaults and plan modifiers are those that users meet.
func (c component) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = c.schema
}

// Create is never called: the suite makes objects through flavor.Flavor.
func (component) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}

// Read is never called: the suite looks at objects through flavor.Flavor.
func (component) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update is never called: the suite changes objects through flavor.Flavor.
func (component) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

// Delete is never called: the suite removes objects through flavor.Flavor.
func (component) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
