package component

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// ModifyPlan computes the facts from the configuration, and from the outputs of what exists, so that a stack can be
// judged before anything exists.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // a destroy has no facts
	}

	plan, err := openObject(req.Plan.Raw)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	state, err := openObject(req.State.Raw)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	plan["labels_all"] = r.labels(plan)
	defer func() { resp.Plan.Raw = tftypes.NewValue(req.Plan.Raw.Type(), map[string]tftypes.Value(plan)) }()

	f, ok := r.active(plan)
	if !ok {
		r.answerUnknown(plan)

		if len(state) > 0 { // what decides about replacement and is unknown replaces, as everywhere in Terraform
			resp.RequiresReplace.Append(path.Root("flavor"))
		}

		return
	}

	v, err := values(plan, f)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	imported, diags := wasImported(ctx, req.Private)
	resp.Diagnostics.Append(diags...)

	if asBefore(plan, state, f) { // so that nobody is asked what the outputs tell
		plan["outputs"] = state["outputs"]
	}

	if unplaced(state, f) {
		resp.Diagnostics.Append(r.lookAhead(ctx, req, plan, state, f)...)
	}

	var fault error

	about := func() flavor.Facts { return f.Facts(r.kind, staying(r.about(ctx, plan, f, v, &fault), state)) }
	facts := about()
	replaced := r.replacements(plan, state, f, v, facts, imported, resp)

	r.planIdentity(plan, state, f, facts, replaced)

	if f.Applied != nil { // only then does anything depend on the outputs, which are decided now
		facts = about()
	}

	if fault != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Plan, r.kind, f, nameOf(plan), fault))
	}

	r.answer(plan, facts)

	if len(state) > 0 && !replaced { // what was renamed in place and has no other identifier than its name
		resp.Diagnostics.Append(r.identify(ctx, resp.Identity, plan)...)
	}

	if len(state) == 0 || state.plain("managed") == false {
		resp.Diagnostics.Append(r.preflight(ctx, req.Plan, plan, f)...)
	}
}

// planIdentity says what is known before apply of what apply tells: everything for a flavor that creates nothing, and
// what the state holds as long as nothing changes that it depends on.
func (r *Resource) planIdentity(plan, state object, f flavor.Flavor, facts flavor.Facts, replaced bool) {
	plan["drift"] = tftypes.NewValue(textList, nil) // what differs is repaired

	switch {
	case f.Records():
		plan["id"] = terraformText(plan.plain("name"))
		plan["outputs"] = tftypes.NewValue(textMap, map[string]tftypes.Value{})
	case len(state) == 0 || replaced:
		for _, name := range []string{"id", "outputs", "incarnation", "kubernetes_version"} {
			plan.unknow(name)
		}

		plan.foresee(facts.Outputs)
	case asBefore(plan, state, f):
		plan["outputs"] = state["outputs"]
		plan.keep(state, "incarnation", "kubernetes_version")
	default:
		plan.unknow("outputs")
		plan.foresee(facts.Outputs)
		plan.unknow("kubernetes_version")
		plan.keep(state, "incarnation")
	}
}

// asBefore says that nothing changes that the outputs depend on.
func asBefore(plan, state object, f flavor.Flavor) bool {
	return len(state) > 0 && state[f.Name].Equal(plan[f.Name]) && state["drift"].IsNull()
}

// foresee plans what is known of the outputs before apply.
func (o object) foresee(outputs map[string]any) {
	if outputs != nil {
		o["outputs"] = terraformMap(outputs)
	}
}

// nameOf is what to call a component in a message.
func nameOf(o object) string {
	name, _ := o.plain("name").(string)

	return name
}

// keep plans what the state holds, where it holds something.
func (o object) keep(state object, names ...string) {
	for _, name := range names {
		if value, ok := state[name]; ok && !value.IsNull() {
			o[name] = value
		} else {
			o.unknow(name)
		}
	}
}

// preflight lets the flavor object to what only the place of creation can tell, such as a directory that belongs to
// somebody else. It waits until the configuration is known.
func (r *Resource) preflight(ctx context.Context, from tfsdk.Plan, plan object, f flavor.Flavor) diag.Diagnostics {
	var (
		diags  diag.Diagnostics
		config types.Object
	)

	in, known := r.input(plan)
	if !known || !plan[f.Name].IsFullyKnown() || !in.Managed {
		return diags
	}

	diags.Append(from.GetAttribute(ctx, path.Root(f.Name), &config)...)

	if diags.HasError() {
		return diags
	}

	if err := f.Preflight(ctx, in, config); err != nil {
		diags.Append(diagnose.Failure(diagnose.Plan, r.kind, f, in.Name, err))
	}

	return diags
}
