package access

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// clusterWords stands for the kind cluster in messages.
var clusterWords = flavor.Kind{Name: "cluster"}

// Credentials is the ephemeral resource mlstacks_credentials: what a component's Secret in its cluster holds.
type Credentials struct{ clouds flavor.Clouds }

var _ ephemeral.EphemeralResourceWithConfigure = (*Credentials)(nil)

// NewCredentials returns the ephemeral resource mlstacks_credentials.
func NewCredentials() *Credentials { return &Credentials{} }

// Configure takes over the logins of the provider block.
func (c *Credentials) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	resp.Diagnostics.Append(diagnose.Configured(req.ProviderData, &c.clouds)...)
}

type credentialsModel struct {
	Component *componentReference `tfsdk:"component"`
	Username  types.String        `tfsdk:"username"`
	Password  types.String        `tfsdk:"password"`
	Values    types.Map           `tfsdk:"values"`
}

type componentReference struct {
	Name    types.String      `tfsdk:"name"`
	Type    types.String      `tfsdk:"type"`
	Cluster *clusterReference `tfsdk:"cluster"`
	Outputs types.Map         `tfsdk:"outputs"`
}

// Metadata names the ephemeral resource mlstacks_credentials.
func (c *Credentials) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_credentials"
}

// Schema describes what a Secret tells.
func (c *Credentials) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Credentials of a component that lives in a cluster, read from its Secret there. They are neither in the plan nor in the state.",
		Attributes: map[string]schema.Attribute{
			"component": schema.SingleNestedAttribute{
				Required:            true,
				MarkdownDescription: "The component, whole, such as `mlstacks_artifact_store.main`.",
				Attributes: map[string]schema.Attribute{
					"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the component."},
					"type": schema.StringAttribute{Required: true, MarkdownDescription: "Type of the component."},
					"cluster": schema.SingleNestedAttribute{
						Required: true, MarkdownDescription: "Cluster that the component lives in.", Attributes: referenceAttributes(),
					},
					"outputs": schema.MapAttribute{Required: true, ElementType: types.StringType, MarkdownDescription: "Outputs of the component."},
				},
			},
			"username": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The user, or the access key of S3-compatible storage."},
			"password": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "The password, or the secret key of S3-compatible storage."},
			"values": schema.MapAttribute{
				Computed: true, Sensitive: true, ElementType: types.StringType, MarkdownDescription: "Everything in the Secret, by its keys.",
			},
		},
	}
}

// The keys under which Secrets of components keep user and password.
var (
	usernameKeys = []string{"username", "root-user"}
	passwordKeys = []string{"password", "root-password"}
)

// Open reads the Secret.
func (c *Credentials) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m credentialsModel

	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)

	if resp.Diagnostics.HasError() || m.Component == nil || m.Component.Cluster == nil {
		return
	}

	reference, known := m.Component.Cluster.parts()
	namespace, secret, told := m.Component.place()

	if !known || !told {
		return // Terraform asks again when everything is known
	}

	kind := flavor.Kind{Name: m.Component.Type.ValueString()}
	name := m.Component.Name.ValueString()

	if secret == "" {
		resp.Diagnostics.Append(diagnose.Lookup(path.Root("component"), kind, name, fmt.Errorf("it has no credentials of its own")))

		return
	}

	values, err := c.read(ctx, reference, namespace, secret)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Lookup(path.Root("component"), kind, name, worded(err)))

		return
	}

	m.Username, m.Password = first(values, usernameKeys), first(values, passwordKeys)

	if m.Values, err = texts(ctx, values); err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	resp.Diagnostics.Append(resp.Result.Set(ctx, m)...)
}

// place says where the Secret is; it has no name where the component has none.
func (c componentReference) place() (namespace, secret string, known bool) {
	if c.Outputs.IsUnknown() {
		return "", "", false
	}

	texts := map[string]string{}

	for key, value := range c.Outputs.Elements() {
		text, ok := value.(types.String)
		if !ok || text.IsUnknown() {
			return "", "", false
		}

		texts[key] = text.ValueString()
	}

	return texts["namespace"], texts["credentials_secret"], true
}

func (c *Credentials) read(ctx context.Context, reference map[string]string, namespace, secret string) (map[string]string, error) {
	opened, err := cluster.Open(ctx, cluster.LoginsOf(c.clouds), reference)
	if err != nil {
		return nil, err
	}

	return opened.Secret(ctx, namespace, secret)
}

func first(values map[string]string, keys []string) types.String {
	for _, key := range keys {
		if value, ok := values[key]; ok {
			return types.StringValue(value)
		}
	}

	return types.StringNull()
}
