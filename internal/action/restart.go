// Package action is what Terraform can be told to do beside making things: starting a component anew, and checking a stack.
// It never names a flavor.
package action

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// patience is how long a restart may take where the configuration does not say.
const patience = 10 * time.Minute

// Restart is mlstacks_restart_component.
type Restart struct {
	kinds  []flavor.Kind
	clouds flavor.Clouds
}

var (
	_ action.ActionWithConfigure      = (*Restart)(nil)
	_ action.ActionWithValidateConfig = (*Restart)(nil)
	_ action.ActionWithModifyPlan     = (*Restart)(nil)
)

// NewRestart returns mlstacks_restart_component for the kinds of a catalog.
func NewRestart(kinds []flavor.Kind) *Restart { return &Restart{kinds: kinds} }

// Metadata names the action mlstacks_restart_component.
func (a *Restart) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_restart_component"
}

// Configure takes over the logins of the provider block.
func (a *Restart) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	resp.Diagnostics.Append(diagnose.Configured(req.ProviderData, &a.clouds)...)
}

// Schema takes a component whole; Terraform narrows it to what a restart has to know.
func (a *Restart) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Starts anew what runs of a component in a Kubernetes cluster: its Deployments, StatefulSets and DaemonSets get new pods the way each " +
			"rolls out changes, and the action is done when they are ready. Volumes, Secrets and addresses stay. Components that run nothing in a cluster are refused.",
		Attributes: map[string]schema.Attribute{
			"component": schema.SingleNestedAttribute{
				Required:            true,
				MarkdownDescription: "The component, whole: `component = mlstacks_experiment_tracker.main`.",
				Attributes: map[string]schema.Attribute{
					"name":   schema.StringAttribute{Required: true, MarkdownDescription: "Name of the component."},
					"type":   schema.StringAttribute{Required: true, MarkdownDescription: "Type of the component."},
					"flavor": schema.StringAttribute{Required: true, MarkdownDescription: "Flavor of the component."},
					"id":     schema.StringAttribute{Required: true, MarkdownDescription: "Identifier of the component."},
					"cluster": schema.SingleNestedAttribute{
						Optional:            true,
						MarkdownDescription: "Cluster that the component lives in.",
						Attributes: map[string]schema.Attribute{
							"name":        schema.StringAttribute{Required: true, MarkdownDescription: "Name of the cluster."},
							"reference":   schema.MapAttribute{Required: true, ElementType: types.StringType, MarkdownDescription: "How to get at the cluster."},
							"incarnation": schema.StringAttribute{Optional: true, MarkdownDescription: "Incarnation of the cluster."},
						},
					},
				},
			},
			"timeout": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "How long to wait until everything is ready, as a duration such as `30s` or `5m`. Null: `10m`.",
			},
		},
	}
}

type restartModel struct {
	Component types.Object `tfsdk:"component"`
	Timeout   types.String `tfsdk:"timeout"`
}

type component struct {
	Name    types.String `tfsdk:"name"`
	Type    types.String `tfsdk:"type"`
	Flavor  types.String `tfsdk:"flavor"`
	ID      types.String `tfsdk:"id"`
	Cluster types.Object `tfsdk:"cluster"`
}

type cluster struct {
	Name        types.String `tfsdk:"name"`
	Reference   types.Map    `tfsdk:"reference"`
	Incarnation types.String `tfsdk:"incarnation"`
}

// restart is one that can be done.
type restart struct {
	kind     flavor.Kind
	flavor   flavor.Flavor
	restarts flavor.Restarter
	name, id string
	cluster  *flavor.Cluster
	timeout  time.Duration
}

// ValidateConfig refuses a component that runs nothing in a cluster, as soon as its flavor is known.
func (a *Restart) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	_, _, diags := a.read(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
}

// ModifyPlan is ValidateConfig once references are resolved.
func (a *Restart) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	_, _, diags := a.read(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
}

// Invoke restarts the component, and tells of each step.
func (a *Restart) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	r, known, diags := a.read(ctx, req.Config)
	resp.Diagnostics.Append(diags...)

	if !diags.HasError() && !known {
		resp.Diagnostics.Append(diagnose.RestartUnknown(path.Root("component")))
	}

	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()

	in := flavor.Input{Kind: r.kind.Name, Name: r.name, Was: r.name, Managed: true, Cluster: r.cluster, Clouds: a.clouds}

	err := r.restarts.Restart(ctx, in, r.id, func(message string) {
		resp.SendProgress(action.InvokeProgressEvent{Message: message})
	})
	if err != nil {
		resp.Diagnostics.Append(diagnose.RestartFailure(path.Root("component"), r.kind, r.name, err))
	}
}

// read finds out what is to be restarted. known is false while that cannot be told.
func (a *Restart) read(ctx context.Context, config tfsdk.Config) (r restart, known bool, diags diag.Diagnostics) {
	var m restartModel

	diags.Append(config.Get(ctx, &m)...)

	if diags.HasError() {
		return r, false, diags
	}

	r.timeout = patience

	if text := m.Timeout.ValueString(); text != "" {
		parsed, err := time.ParseDuration(text)
		if err != nil || parsed <= 0 {
			diags.Append(diagnose.RestartTimeout(path.Root("timeout"), text))
		}

		r.timeout = parsed
	}

	if m.Component.IsUnknown() || m.Component.IsNull() {
		return r, false, diags
	}

	var c component

	diags.Append(m.Component.As(ctx, &c, basetypes.ObjectAsOptions{})...)
	known, more := a.judge(ctx, c, &r)
	diags.Append(more...)

	return r, known && !m.Timeout.IsUnknown(), diags
}

// judge says whether a component can be restarted, as far as it is known.
func (a *Restart) judge(ctx context.Context, c component, r *restart) (known bool, diags diag.Diagnostics) {
	if c.Type.IsUnknown() || c.Flavor.IsUnknown() {
		return false, nil
	}

	at := path.Root("component")
	r.name, r.id = c.Name.ValueString(), c.ID.ValueString()

	var ok bool
	if r.kind, r.flavor, ok = a.find(c.Type.ValueString(), c.Flavor.ValueString()); ok {
		r.restarts, ok = r.flavor.Restarter()
	}

	if !ok {
		diags.Append(diagnose.NotRestartable(at, r.kind, c.Flavor.ValueString(), r.name))

		return false, diags
	}

	if c.Name.IsUnknown() || c.ID.IsUnknown() || c.Cluster.IsUnknown() {
		return false, diags
	}

	if c.Cluster.IsNull() {
		diags.Append(diagnose.NotRestartable(at, r.kind, c.Flavor.ValueString(), r.name))

		return false, diags
	}

	var home cluster

	diags.Append(c.Cluster.As(ctx, &home, basetypes.ObjectAsOptions{})...)

	if diags.HasError() || home.Reference.IsUnknown() || home.Name.IsUnknown() || home.Incarnation.IsUnknown() {
		return false, diags
	}

	r.cluster = &flavor.Cluster{Name: home.Name.ValueString(), Incarnation: home.Incarnation.ValueString(), Reference: map[string]string{}}
	diags.Append(home.Reference.ElementsAs(ctx, &r.cluster.Reference, false)...)

	return !diags.HasError(), diags
}

// find finds a built-in flavor; the kind says what to call the component where there is none.
func (a *Restart) find(kindName, flavorName string) (flavor.Kind, flavor.Flavor, bool) {
	for _, kind := range a.kinds {
		if kind.Name == kindName {
			f, ok := kind.Flavor(flavorName)

			return kind, f, ok
		}
	}

	return flavor.Kind{Name: "component"}, flavor.Flavor{}, false
}
