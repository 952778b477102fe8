package access

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Cluster is the data source mlstacks_cluster: it looks up a cluster that exists.
type Cluster struct {
	kind   flavor.Kind
	clouds flavor.Clouds
}

var _ datasource.DataSourceWithConfigure = (*Cluster)(nil)

// NewCluster returns the data source mlstacks_cluster for the flavors of a kind.
func NewCluster(kind flavor.Kind) *Cluster { return &Cluster{kind: kind} }

// Metadata names the data source mlstacks_cluster.
func (d *Cluster) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.kind.Name
}

// Configure takes over the logins of the provider block.
func (d *Cluster) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	resp.Diagnostics.Append(diagnose.Configured(req.ProviderData, &d.clouds)...)
}

type clusterModel struct {
	Name        types.String `tfsdk:"name"`
	Flavor      types.String `tfsdk:"flavor"`
	Path        types.String `tfsdk:"path"`
	Context     types.String `tfsdk:"context"`
	Region      types.String `tfsdk:"region"`
	ID          types.String `tfsdk:"id"`
	Type        types.String `tfsdk:"type"`
	Reference   types.Map    `tfsdk:"reference"`
	Incarnation types.String `tfsdk:"incarnation"`
	Version     types.String `tfsdk:"kubernetes_version"`
	Outputs     types.Map    `tfsdk:"outputs"`
}

// Schema describes how a cluster is found, and what is told of it.
func (d *Cluster) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up a cluster that exists, so that components can live in it: `cluster = data.mlstacks_cluster.shared`.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the cluster: that of the k3d cluster or of the one in EKS, or what you call the one of a kubeconfig.",
			},
			"flavor": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Flavor of the cluster. Null: `kubeconfig` where `context` is given, `eks` where `region` is, otherwise `k3d`.",
			},
			"path": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Path of a kubeconfig file; needs `context`. Null: `~/.kube/config`, where `context` is given.",
				Validators:          []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("context"))},
			},
			"context": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Context in the kubeconfig file.",
			},
			"region": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Region of a cluster in a cloud. Null: the login's, where `flavor` is given.",
			},
			"id":   schema.StringAttribute{Computed: true, MarkdownDescription: "Identifier of the cluster, unique within its flavor."},
			"type": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `cluster`."},
			"reference": schema.MapAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "How to get at the cluster, without credentials.",
			},
			"incarnation": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Tells this making of the cluster from another of the same name.",
			},
			"kubernetes_version": schema.StringAttribute{Computed: true, MarkdownDescription: "Version of Kubernetes that the cluster runs."},
			"outputs": schema.MapAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "Further facts, as the resource has them. Never a secret.",
			},
		},
	}
}

// Read asks the cluster who it is.
func (d *Cluster) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m clusterModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)

	if resp.Diagnostics.HasError() {
		return
	}

	f, given, id, ok := d.choose(&m)
	if !ok {
		resp.Diagnostics.Append(diagnose.NoSuchFlavor(path.Root("flavor"), d.kind, m.Flavor.ValueString()))

		return
	}

	config, err := object(ctx, f, d.kind, given)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	in := flavor.Input{Kind: d.kind.Name, Name: m.Name.ValueString(), Clouds: d.clouds}

	config, result, err := f.Read(ctx, in, id, config)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Lookup(path.Root("name"), d.kind, m.Name.ValueString(), err))

		return
	}

	raw, err := config.ToTerraformValue(ctx)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	values, _, err := flavor.PlainMap(raw)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	facts := f.Facts(d.kind, flavor.Subject{Name: m.Name.ValueString(), Values: values, Outputs: told(result.Outputs)})
	reference := map[string]string{}

	if parts, ok := facts.Reference.(map[string]any); ok {
		for key, value := range parts {
			if text, ok := value.(string); ok {
				reference[key] = text
			}
		}
	}

	m.ID, m.Type = types.StringValue(result.ID), types.StringValue(d.kind.Name)
	m.Incarnation, m.Version = optional(result.Incarnation), optional(result.Version)

	if m.Reference, err = texts(ctx, reference); err == nil {
		m.Outputs, err = texts(ctx, result.Outputs)
	}

	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, m)...)
}

// told are the outputs as facts see them.
func told(outputs map[string]string) map[string]any {
	all := make(map[string]any, len(outputs))
	for name, value := range outputs {
		all[name] = value
	}

	return all
}

// choose finds the flavor that a lookup is for, and what the configuration says of it.
func (d *Cluster) choose(m *clusterModel) (f flavor.Flavor, given map[string]attr.Value, id string, ok bool) {
	given, id = map[string]attr.Value{}, m.Name.ValueString()

	for name, value := range map[string]types.String{"path": m.Path, "context": m.Context, "region": m.Region} {
		if !value.IsNull() {
			given[name] = value
		}
	}

	for _, f := range d.kind.Flavors {
		if m.Flavor.IsNull() && fits(f, d.kind, given) || m.Flavor.ValueString() == f.Name {
			m.Flavor = types.StringValue(f.Name)

			if value, ok := given["context"].(types.String); ok {
				id = value.ValueString()
			}

			return f, given, id, true
		}
	}

	return f, nil, "", false
}

// fits says that a flavor has all the attributes that are given.
func fits(f flavor.Flavor, kind flavor.Kind, given map[string]attr.Value) bool {
	attributes := f.Attributes(kind)

	for name := range given {
		if attributes[name] == nil {
			return false
		}
	}

	return true
}

func optional(text string) types.String {
	if text == "" {
		return types.StringNull()
	}

	return types.StringValue(text)
}

func nullOf(ctx context.Context, of attr.Type) tftypes.Value {
	return tftypes.NewValue(of.TerraformType(ctx), nil)
}
