// Package provider is the provider block and the list of what the provider offers: it loops over the catalog.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/access"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/component"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/custom"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/specdata"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stackpage"
)

// Address is where the registry has the provider.
const Address = "registry.terraform.io/mlstacks/mlstacks"

// Provider is the provider mlstacks.
type Provider struct {
	version string
	// logins are shared with the providers of narrowing, so that there is one of each.
	logins *logins
	// only is the one resource of a provider that answers for nothing else; see narrowing.
	only func() resource.Resource
}

// typeName begins the names of all resources.
const typeName = "mlstacks"

var _ provider.ProviderWithEphemeralResources = (*Provider)(nil)

// New returns a constructor of the provider at a version, as the plugin server wants it.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &Provider{version: version, logins: &logins{}} }
}

type model struct {
	DefaultLabels types.Map    `tfsdk:"default_labels"`
	ImageRegistry types.String `tfsdk:"image_registry"`
	AWS           types.Object `tfsdk:"aws"`
	ZenML         types.Object `tfsdk:"zenml"`
}

// Metadata names the provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = typeName
	resp.Version = p.version
}

// Schema describes the provider block. Everything in it is optional: a stack of local parts needs no configuration.
func (p *Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "MLOps stacks: components in flavors, judged together at plan, and made real by apply.",
		Attributes: map[string]schema.Attribute{
			"aws": awsAttribute(),
			"default_labels": schema.MapAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Labels put under the `labels` of every component.",
				Validators:          slot.Labels(),
			},
			"image_registry": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Mirror that the default images of services and of k3d's nodes are pulled from, such as `registry.example.com/mirror`: it takes " +
					"the place of their registry. Images that a configuration names are left as they are.",
			},
			"zenml": zenmlAttribute(),
		},
	}
}

// Configure reads the provider block. On a first plan its values may be unknown, and nothing is contacted.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config model

	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)

	if resp.Diagnostics.HasError() {
		return
	}

	settings := component.Settings{DefaultLabels: map[string]string{}}

	for name, value := range config.DefaultLabels.Elements() {
		label, ok := value.(types.String)
		switch {
		case !ok || label.IsUnknown():
			settings.DefaultLabelsUnknown = true
		case !label.IsNull(): // null means absent, as in a component's labels
			settings.DefaultLabels[name] = label.ValueString()
		}
	}

	settings.DefaultLabelsUnknown = settings.DefaultLabelsUnknown || config.DefaultLabels.IsUnknown()
	settings.ImageRegistry, settings.ImageRegistryUnknown = config.ImageRegistry.ValueString(), config.ImageRegistry.IsUnknown()

	login, diags := p.logins.open(ctx, config.AWS, p.version)
	resp.Diagnostics.Append(diags...)

	settings.Clouds = flavor.Clouds{amazon.Cloud: amazon.Login{Session: login}}
	p.configureZenML(config.ZenML, settings.Clouds)

	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = settings, settings.Clouds, settings.Clouds
	resp.ListResourceData, resp.ActionData = settings.Clouds, settings.Clouds
}

// Resources are a resource for each kind, the stack, and the custom flavor.
func (p *Provider) Resources(context.Context) []func() resource.Resource {
	if p.only != nil {
		return []func() resource.Resource{p.only}
	}

	kinds := catalog.Kinds()
	resources := []func() resource.Resource{
		func() resource.Resource { return stack.New(kinds, candidates) },
		func() resource.Resource { return custom.NewResource(kinds, compose.Abilities()) },
		func() resource.Resource { return component.NewHost(catalog.Cluster()) },
		func() resource.Resource { return p.newRegistration(kinds) },
	}

	for _, kind := range kinds {
		resources = append(resources, func() resource.Resource { return component.New(kind, custom.Door(kind)) })
	}

	return resources
}

// DataSources show the catalog and the rules.
func (p *Provider) DataSources(context.Context) []func() datasource.DataSource {
	kinds := catalog.Kinds()

	return []func() datasource.DataSource{
		func() datasource.DataSource { return NewFlavors(kinds) },
		func() datasource.DataSource { return NewRules() },
		func() datasource.DataSource { return access.NewCluster(catalog.Cluster()) },
		func() datasource.DataSource { return stackpage.New(kinds, candidates) },
		func() datasource.DataSource { return specdata.NewSource(candidates) },
	}
}

// EphemeralResources hand out what the state must not hold.
func (p *Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		func() ephemeral.EphemeralResource { return access.NewKubeconfig() },
		func() ephemeral.EphemeralResource { return access.NewCredentials() },
	}
}
