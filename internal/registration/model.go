package registration

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
)

// model is a registration in a configuration, a plan or a state.
type model struct {
	ID             types.String   `tfsdk:"id"`
	Name           types.String   `tfsdk:"name"`
	URL            types.String   `tfsdk:"url"`
	Stack          types.Object   `tfsdk:"stack"`
	Platform       types.Object   `tfsdk:"platform"`
	Connectors     types.Map      `tfsdk:"connectors"`
	Flavors        types.List     `tfsdk:"flavors"`
	FlavorSources  types.Map      `tfsdk:"flavor_sources"`
	Secrets        types.Map      `tfsdk:"secrets_wo"`
	SecretsVersion types.Int64    `tfsdk:"secrets_wo_version"`
	Labels         types.Map      `tfsdk:"labels"`
	ComponentIDs   types.Map      `tfsdk:"component_ids"`
	ConnectorIDs   types.Map      `tfsdk:"connector_ids"`
	FlavorIDs      types.Map      `tfsdk:"flavor_ids"`
	SecretIDs      types.Map      `tfsdk:"secret_ids"`
	Drift          types.List     `tfsdk:"drift"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

type connectorModel struct {
	Type           types.String `tfsdk:"type"`
	AuthMethod     types.String `tfsdk:"auth_method"`
	ResourceType   types.String `tfsdk:"resource_type"`
	ResourceID     types.String `tfsdk:"resource_id"`
	Configuration  types.Map    `tfsdk:"configuration"`
	Secrets        types.Map    `tfsdk:"secrets_wo"`
	SecretsVersion types.Int64  `tfsdk:"secrets_wo_version"`
}

type flavorModel struct {
	Type   types.String `tfsdk:"component_type"`
	Name   types.String `tfsdk:"name"`
	Schema types.String `tfsdk:"config_schema"`
}

// wanted is what a registration is to be, in plain Go: everything is known.
type wanted struct {
	name       string
	parts      []part
	connectors map[string]connector
	flavors    map[string]zenserver.Flavor
	// secrets are values by names and keys. They come from the configuration, and are nil where there is none to see.
	secrets map[string]map[string]string
	// secretsVersion is zero where there is none.
	secretsVersion int64
	labels         map[string]string
	// required are the secrets that components refer to: "name.key" or "name".
	required []string
}

// part is a component as ZenML is to have it.
type part struct {
	slot string
	zenserver.Component
}

// key tells a part from the others of a stack.
func (p part) key() string { return keyOf(p.Component) }

func keyOf(c zenserver.Component) string { return c.Type + "/" + c.Name }

// connector is a service connector to register.
type connector struct {
	zenserver.Connector
	// plain is its configuration without secrets.
	plain map[string]string
	// version is that of its secrets; zero where there is none.
	version int64
}

// read makes a plan or a state plain. Secrets are taken from the configuration, where there is one.
func (r *Resource) read(ctx context.Context, m model, config *model) (wanted, diag.Diagnostics) {
	var diags diag.Diagnostics

	w := wanted{connectors: map[string]connector{}, flavors: map[string]zenserver.Flavor{}, labels: map[string]string{}}

	whole, err := r.whole(ctx, m.Stack)
	if err != nil {
		diags.AddError("Cannot read the stack", err.Error())

		return w, diags
	}

	w.addStack(whole)
	w.secretsVersion = m.SecretsVersion.ValueInt64()
	diags.Append(m.Labels.ElementsAs(ctx, &w.labels, false)...)
	diags.Append(w.addConnectors(ctx, m, config)...)
	diags.Append(w.addFlavors(ctx, m)...)

	if config != nil {
		diags.Append(config.Secrets.ElementsAs(ctx, &w.secrets, false)...)
	}

	return w, diags
}

func (r *Resource) whole(ctx context.Context, value types.Object) (stack.Whole, error) {
	raw, err := value.ToTerraformValue(ctx)
	if err != nil {
		return stack.Whole{}, fmt.Errorf("read the stack: %w", err)
	}

	return stack.Read(r.kinds, r.candidates, raw)
}

func (w *wanted) addConnectors(ctx context.Context, m model, config *model) diag.Diagnostics {
	var (
		diags   diag.Diagnostics
		planned map[string]connectorModel
		written map[string]connectorModel
	)

	diags.Append(m.Connectors.ElementsAs(ctx, &planned, false)...)

	if config != nil {
		diags.Append(config.Connectors.ElementsAs(ctx, &written, false)...)
	}

	for name, c := range planned {
		configuration := map[string]string{}
		diags.Append(c.Configuration.ElementsAs(ctx, &configuration, false)...)

		secrets := map[string]string{}
		if hidden := written[name].Secrets; !hidden.IsNull() && !hidden.IsUnknown() {
			diags.Append(hidden.ElementsAs(ctx, &secrets, false)...)
		}

		one := connector{version: c.SecretsVersion.ValueInt64(), plain: configuration, Connector: zenserver.Connector{
			Name: name, Type: c.Type.ValueString(), AuthMethod: c.AuthMethod.ValueString(), ResourceTypes: []string{},
			ResourceID: c.ResourceID.ValueString(), Configuration: map[string]any{},
		}}

		if kind := c.ResourceType.ValueString(); kind != "" {
			one.ResourceTypes = []string{kind}
		}

		for _, values := range []map[string]string{configuration, secrets} {
			for key, value := range values {
				one.Configuration[key] = value
			}
		}

		w.connectors[name] = one
	}

	return diags
}

func (w *wanted) addFlavors(ctx context.Context, m model) diag.Diagnostics {
	var (
		diags   diag.Diagnostics
		flavors []flavorModel
	)

	sources := map[string]string{}

	diags.Append(m.Flavors.ElementsAs(ctx, &flavors, false)...)
	diags.Append(m.FlavorSources.ElementsAs(ctx, &sources, false)...)

	for _, f := range flavors {
		one := zenserver.Flavor{
			Name: f.Name.ValueString(), Type: f.Type.ValueString(), Source: sources[f.Name.ValueString()], Custom: true, Schema: map[string]any{},
		}

		if text := f.Schema.ValueString(); text != "" {
			if err := json.Unmarshal([]byte(text), &one.Schema); err != nil {
				diags.AddError("Cannot read the schema of a flavor", fmt.Sprintf("flavor %q: config_schema is not an object in JSON: %s.", one.Name, err))
			}
		}

		w.flavors[one.Type+"/"+one.Name] = one
	}

	return diags
}

func texts(ctx context.Context, value types.Map) map[string]string {
	all := map[string]string{}

	if !value.IsNull() && !value.IsUnknown() {
		_ = value.ElementsAs(ctx, &all, true)
	}

	return all
}

func textsOf(values map[string]string) types.Map {
	value, diags := types.MapValueFrom(context.Background(), types.StringType, values)
	if diags.HasError() || values == nil {
		return types.MapValueMust(types.StringType, nil)
	}

	return value
}

// platform is a server as the attribute platform has it.
type platform struct {
	name, flavor, uri string
	cluster           map[string]string
	clusterName       string
	outputs           map[string]string
}

func readPlatform(ctx context.Context, value types.Object) (platform, bool) {
	var m struct {
		Name    types.String `tfsdk:"name"`
		Type    types.String `tfsdk:"type"`
		Flavor  types.String `tfsdk:"flavor"`
		URI     types.String `tfsdk:"uri"`
		Cluster types.Object `tfsdk:"cluster"`
		Outputs types.Map    `tfsdk:"outputs"`
	}

	if value.IsNull() || value.IsUnknown() || value.As(ctx, &m, basetypes.ObjectAsOptions{}).HasError() {
		return platform{}, false
	}

	p := platform{name: m.Name.ValueString(), flavor: m.Flavor.ValueString(), uri: m.URI.ValueString(), outputs: texts(ctx, m.Outputs)}
	known := !m.Flavor.IsUnknown() && !m.URI.IsUnknown()

	if attributes := m.Cluster.Attributes(); len(attributes) > 0 {
		if reference, ok := attributes["reference"].(types.Map); ok {
			p.cluster = texts(ctx, reference)
			known = known && !reference.IsUnknown()
		}

		if name, ok := attributes["name"].(types.String); ok {
			p.clusterName = name.ValueString()
		}
	}

	return p, known
}
