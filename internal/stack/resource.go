// Package stack is mlstacks_stack: one slot for each kind of component, judged as a whole at plan, and exported for
// ZenML. It never names a kind or a flavor; the catalog it is given says what exists.
package stack

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
)

// Resource is mlstacks_stack.
type Resource struct {
	kinds []flavor.Kind
	// candidates are what suggestions are computed from; they are the same for every stack.
	candidates func() []compose.Candidate
}

var (
	_ resource.ResourceWithValidateConfig = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan     = (*Resource)(nil)
	_ resource.ResourceWithImportState    = (*Resource)(nil)
	_ resource.ResourceWithUpgradeState   = (*Resource)(nil)
)

// New returns mlstacks_stack for a catalog and the candidates it offers.
func New(kinds []flavor.Kind, candidates func() []compose.Candidate) *Resource {
	return &Resource{kinds: kinds, candidates: candidates}
}

// Metadata names the resource mlstacks_stack.
func (r *Resource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stack"
	resp.ResourceBehavior.MutableIdentity = true // a name may be changed in place
}

// ValidateConfig judges the stack. Terraform calls it in validate, where references are unknown and little can be
// said, and again in plan, where they are resolved before anything exists.
func (r *Resource) ValidateConfig(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	s, err := r.read(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	for _, problem := range r.judge(s) {
		resp.Diagnostics.Append(diagnose.Composition(at(problem.Subject.Slot), problem))
	}
}

// ModifyPlan computes the exports, as far as they are known.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}

	resp.Diagnostics.Append(r.answer(req.Plan.Raw, &resp.Plan.Raw)...)

	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(identify(ctx, req.Plan.Raw, resp.Identity)...)
	}
}

// Create records the stack; its components were made before it.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.Diagnostics.Append(r.answer(req.Plan.Raw, &resp.State.Raw)...)
	resp.Diagnostics.Append(identify(ctx, req.Plan.Raw, resp.Identity)...)
}

// Read has nothing to observe: whatever a component observes reaches the stack through its slots.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(identify(ctx, req.State.Raw, resp.Identity)...)
}

// Update records the changed stack.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.Append(r.answer(req.Plan.Raw, &resp.State.Raw)...)
	resp.Diagnostics.Append(identify(ctx, req.Plan.Raw, resp.Identity)...)
}

// Delete forgets the stack; its components are destroyed by themselves.
func (r *Resource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// ImportState takes the stack's name, as the identifier or in the identity; the next apply fills the slots.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	name := req.ID

	if parts, there, diags := slot.Identity(ctx, req.Identity); there {
		resp.Diagnostics.Append(diags...)

		name = parts["name"]
	}

	if !slot.ValidName(name) {
		resp.Diagnostics.Append(diagnose.StackImportID(name))

		return
	}

	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(slot.SetIdentity(ctx, resp.Identity, map[string]string{"name": name})...)
}

// UpgradeState reads states of every older schema version.
func (r *Resource) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	var current resource.SchemaResponse

	r.Schema(ctx, resource.SchemaRequest{}, &current)

	return slot.Upgraders(current.Schema.Type().TerraformType(ctx), nil)
}

// answer writes what was planned, with its computed attributes: everything where all is known, else unknown.
func (r *Resource) answer(planned tftypes.Value, into *tftypes.Value) diag.Diagnostics {
	s, err := r.read(planned)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("%s", err)}
	}

	exports, err := r.exports(s)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("%s", err)}
	}

	maps.Copy(s.attributes, exports)
	*into = tftypes.NewValue(planned.Type(), s.attributes)

	return nil
}
