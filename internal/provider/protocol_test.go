package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// protocol speaks to the provider the way a CLI does that is newer than any at hand.
type protocol struct {
	*testing.T

	server     tfprotov6.ProviderServer
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

func speak(t *testing.T) protocol {
	t.Helper()

	p := protocol{T: t, server: provider.NewServer("test")}

	var err error

	p.schemas, err = p.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	must(t, err)

	identities, err := p.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	must(t, err)
	p.none(identities.Diagnostics)

	p.identities = identities.IdentitySchemas

	return p
}

func (p protocol) none(diagnostics []*tfprotov6.Diagnostic) {
	p.Helper()

	if text := said(diagnostics); text != "" {
		p.Fatal(text)
	}
}

func said(diagnostics []*tfprotov6.Diagnostic) string {
	var lines []string
	for _, d := range diagnostics {
		lines = append(lines, d.Summary+": "+d.Detail)
	}

	return strings.Join(lines, "\n")
}

// configure configures the provider. block holds what is not null of it.
func (p protocol) configure(block map[string]tftypes.Value) {
	p.Helper()

	config := p.dynamic(flavortest.Object(p.T, p.schemas.Provider.ValueType(), block))
	resp, err := p.server.ConfigureProvider(p.Context(), &tfprotov6.ConfigureProviderRequest{Config: config})
	must(p.T, err)
	p.none(resp.Diagnostics)
}

func (p protocol) typeOf(resource string) tftypes.Type {
	return p.schemas.ResourceSchemas[resource].ValueType()
}

func text(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// nested is the value of a nested attribute, such as a flavor.
func (p protocol) nested(resource, name string, some map[string]tftypes.Value) tftypes.Value {
	p.Helper()

	kind, ok := p.typeOf(resource).(tftypes.Object)
	if !ok {
		p.Fatalf("%s is no object", resource)
	}

	return flavortest.Object(p.T, kind.AttributeTypes[name], some)
}

func (p protocol) dynamic(value tftypes.Value) *tfprotov6.DynamicValue {
	p.Helper()

	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	must(p.T, err)

	return &encoded
}

// identity is the identity of a resource with these parts; the others are null.
func (p protocol) identity(resource string, parts map[string]string) *tfprotov6.ResourceIdentityData {
	p.Helper()

	values := map[string]tftypes.Value{}
	for name, part := range parts {
		values[name] = text(part)
	}

	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(flavortest.Object(p.T, p.identities[resource].ValueType(), values))}
}

// parts are those of an identity that are not null; nil where there is none.
func (p protocol) parts(resource string, identity *tfprotov6.ResourceIdentityData) map[string]string {
	p.Helper()

	if identity == nil {
		return nil
	}

	value, err := identity.IdentityData.Unmarshal(p.identities[resource].ValueType())
	must(p.T, err)

	plain, known, err := flavor.PlainMap(value)
	must(p.T, err)

	if !known {
		p.Fatal("an identity is unknown")
	}

	parts := map[string]string{}

	for name, part := range plain {
		if part, ok := part.(string); ok {
			parts[name] = part
		}
	}

	return parts
}

// kept is what Terraform keeps of a resource.
type kept struct {
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

func (p protocol) nothing(resource string) kept {
	return kept{state: p.dynamic(tftypes.NewValue(p.typeOf(resource), nil))}
}

// apply plans and applies a configuration; nil some destroys. It tells whether the plan wanted to replace.
func (p protocol) apply(resource string, was kept, some map[string]tftypes.Value) (is kept, replaced bool) {
	p.Helper()

	before, err := was.state.Unmarshal(p.typeOf(resource))
	must(p.T, err)

	config := flavortest.Object(p.T, p.typeOf(resource), some)
	proposed := map[string]tftypes.Value{}
	must(p.T, config.As(&proposed))

	old := map[string]tftypes.Value{}
	if !before.IsNull() {
		must(p.T, before.As(&old))
	}

	for _, attribute := range p.schemas.ResourceSchemas[resource].Block.Attributes {
		if attribute.Computed && proposed[attribute.Name].IsNull() {
			if value, ok := old[attribute.Name]; ok {
				proposed[attribute.Name] = value
			} else {
				proposed[attribute.Name] = tftypes.NewValue(proposed[attribute.Name].Type(), tftypes.UnknownValue)
			}
		}
	}

	plan, err := p.server.PlanResourceChange(p.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, Config: p.dynamic(config), PriorState: was.state, PriorIdentity: was.identity, PriorPrivate: was.private,
		ProposedNewState: p.dynamic(tftypes.NewValue(p.typeOf(resource), proposed)),
	})
	must(p.T, err)
	p.none(plan.Diagnostics)

	if len(plan.RequiresReplace) > 0 {
		return was, true
	}

	applied, err := p.server.ApplyResourceChange(p.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: resource, Config: p.dynamic(config), PriorState: was.state, PlannedState: plan.PlannedState,
		PlannedIdentity: plan.PlannedIdentity, PlannedPrivate: plan.PlannedPrivate,
	})
	must(p.T, err)
	p.none(applied.Diagnostics)

	return kept{state: applied.NewState, identity: applied.NewIdentity, private: applied.Private}, false
}

func (p protocol) read(resource string, was kept) kept {
	p.Helper()

	resp, err := p.server.ReadResource(p.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: resource, CurrentState: was.state, CurrentIdentity: was.identity, Private: was.private,
	})
	must(p.T, err)
	p.none(resp.Diagnostics)

	return kept{state: resp.NewState, identity: resp.NewIdentity, private: resp.Private}
}

func (p protocol) importing(req *tfprotov6.ImportResourceStateRequest) (imported kept, fault string) {
	p.Helper()

	resp, err := p.server.ImportResourceState(p.Context(), req)
	must(p.T, err)

	if text := said(resp.Diagnostics); text != "" {
		return imported, text
	}

	one := resp.ImportedResources[0]

	return p.read(req.TypeName, kept{state: one.State, identity: one.Identity, private: one.Private}), ""
}

func (p protocol) plain(resource string, k kept) map[string]any {
	p.Helper()

	value, err := k.state.Unmarshal(p.typeOf(resource))
	must(p.T, err)

	plain, _, err := flavor.PlainMap(value)
	must(p.T, err)

	return plain
}
