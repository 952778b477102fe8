// Package registration is mlstacks_stack_registration: a stack of this configuration, as a stack that a ZenML server knows.
// It sees stacks as whole values, and the server through internal/backend/zenserver.
package registration

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// Outside is what a registration needs of the provider, asked for when it is needed.
type Outside struct {
	// Servers are the logins to ZenML servers.
	Servers *zenserver.Logins
	// Clusters are the logins by which clusters are reached.
	Clusters func() cluster.Logins
}

// Resource is mlstacks_stack_registration.
type Resource struct {
	kinds      []flavor.Kind
	candidates func() []compose.Candidate
	outside    Outside
}

var (
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithUpgradeState   = (*Resource)(nil)
)

// New returns mlstacks_stack_registration for a catalog.
func New(kinds []flavor.Kind, candidates func() []compose.Candidate, outside Outside) *Resource {
	return &Resource{kinds: kinds, candidates: candidates, outside: outside}
}

// Metadata names the resource mlstacks_stack_registration.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stack_registration"
	resp.ResourceBehavior.MutableIdentity = true // a stack that is made anew has another id
}

// ImportState takes the stack's name or its id; the server is the one that the provider block or the environment names.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	known, _, diags := slot.Identity(ctx, req.Identity)
	resp.Diagnostics.Append(diags...)

	if req.ID == "" {
		req.ID = known["id"]
	}

	if req.ID == "" {
		resp.Diagnostics.Append(diagnose.RegistrationImportID(req.ID))

		return
	}

	if r.outside.Servers.Default() == "" {
		resp.Diagnostics.Append(diagnose.RegistrationImportServer())

		return
	}

	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), req.ID)...)

	if uuid.MatchString(req.ID) {
		resp.Diagnostics.Append(identify(ctx, types.StringValue(req.ID), resp.Identity)...)
	}
}

// UpgradeState reads states of every older schema version.
func (r *Resource) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	var current resource.SchemaResponse

	r.Schema(ctx, resource.SchemaRequest{}, &current)

	return slot.Upgraders(current.Schema.Type().TerraformType(ctx), nil)
}
