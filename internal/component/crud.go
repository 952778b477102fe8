package component

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const defaultTimeout = 20 * time.Minute

// subject is a component on its way through one operation.
type subject struct {
	object object
	flavor flavor.Flavor
	input  flavor.Input
	config types.Object
}

// Create makes the component real, or records what exists already (managed = false).
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	ctx, cancel, diags := deadline(ctx, req.Plan, timeouts.Value.Create)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	s, ok := r.planned(ctx, req.Plan, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	result, err := r.make(ctx, s)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Create, r.kind, s.flavor, s.input.Name, err))
	}

	if result.ID != "" { // saved beside an error too: an object that exists must not be lost
		resp.Diagnostics.Append(r.save(&resp.State, req.Plan.Raw, s, result)...)
	}
}

func (r *Resource) make(ctx context.Context, s subject) (flavor.Result, error) {
	if s.input.Managed {
		return s.flavor.Create(ctx, s.input, s.config)
	}

	id, err := s.flavor.Locate(ctx, s.input, s.config)
	if err != nil {
		return flavor.Result{}, err
	}

	_, result, err := s.flavor.Read(ctx, s.input, id, s.config)

	return result, err
}

// Read writes what is observed back into the flavor's attributes, so that drift shows up where it happened.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, cancel, diags := deadline(ctx, req.State, timeouts.Value.Read)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	s, ok := r.stored(ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}

	id, _ := s.object.text("id").(string)

	observed, result, err := s.flavor.Read(ctx, s.input, id, s.config)
	if errors.Is(err, flavor.ErrNotFound) {
		resp.State.RemoveResource(ctx)

		return
	}

	if err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Read, r.kind, s.flavor, s.input.Name, err))

		return
	}

	raw, err := observed.ToTerraformValue(ctx)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	s.object[s.flavor.Name] = raw
	if s.object.text("name") == nil && result.Name != "" {
		s.object["name"] = tftypes.NewValue(tftypes.String, result.Name)
	}

	resp.Diagnostics.Append(r.save(&resp.State, tftypes.NewValue(req.State.Raw.Type(), map[string]tftypes.Value(s.object)), s, result)...)
}

// Update changes the component in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	ctx, cancel, diags := deadline(ctx, req.Plan, timeouts.Value.Update)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	after, ok := r.planned(ctx, req.Plan, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	before, ok := r.stored(ctx, req.State, &resp.Diagnostics)
	if !ok {
		return
	}

	id, _ := before.object.text("id").(string)

	result, err := r.change(ctx, id, before, after)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Update, r.kind, after.flavor, after.input.Name, err))

		if result.ID == "" {
			return
		}
	}

	resp.Diagnostics.Append(r.save(&resp.State, req.Plan.Raw, after, result)...)
}

func (r *Resource) change(ctx context.Context, id string, before, after subject) (flavor.Result, error) {
	if before.flavor.Name != after.flavor.Name {
		// The flavor was unknown at plan, so Terraform could not be told to replace.
		if before.input.Managed {
			if err := before.flavor.Delete(ctx, before.input, id, before.config); err != nil {
				return flavor.Result{}, err
			}
		}

		return r.make(ctx, after)
	}

	if !after.input.Managed {
		return r.make(ctx, after)
	}

	return after.flavor.Update(ctx, after.input, id, before.config, after.config)
}

// Delete removes what the component made; what it only recorded stays.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	ctx, cancel, diags := deadline(ctx, req.State, timeouts.Value.Delete)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	s, ok := r.stored(ctx, req.State, &resp.Diagnostics)
	if !ok || !s.input.Managed {
		return
	}

	id, _ := s.object.text("id").(string)
	if err := s.flavor.Delete(ctx, s.input, id, s.config); err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Delete, r.kind, s.flavor, s.input.Name, err))
	}
}

// planned reads a component that is about to be made or changed: everything is known now, and write-only arguments
// are there to be seen.
func (r *Resource) planned(ctx context.Context, plan tfsdk.Plan, config tfsdk.Config, diags *diag.Diagnostics) (subject, bool) {
	o, err := open(plan.Raw)
	if err != nil {
		diags.Append(diagnose.Bug("%s", err))

		return subject{}, false
	}

	f, ok := r.active(o)
	if !ok {
		diags.Append(diagnose.NoFlavor(r.kind))

		return subject{}, false
	}

	s := subject{object: o, flavor: f}
	s.input, _ = r.input(o)

	var written types.Object

	diags.Append(plan.GetAttribute(ctx, path.Root(f.Name), &s.config)...)
	diags.Append(config.GetAttribute(ctx, path.Root(f.Name), &written)...)

	if diags.HasError() {
		return subject{}, false
	}

	attributes := s.config.Attributes()
	changed := false

	for name, attribute := range f.Attributes(r.kind) {
		if attribute.IsWriteOnly() {
			attributes[name] = written.Attributes()[name]
			changed = true
		}
	}

	if changed {
		s.config = types.ObjectValueMust(s.config.AttributeTypes(ctx), attributes)
	}

	return s, true
}

// stored reads a component from the state; after an import it knows only its flavor and id.
func (r *Resource) stored(ctx context.Context, state tfsdk.State, diags *diag.Diagnostics) (subject, bool) {
	o, err := open(state.Raw)
	if err != nil {
		diags.Append(diagnose.Bug("%s", err))

		return subject{}, false
	}

	f, ok := r.active(o)
	if !ok {
		f, ok = r.imported(o)
	}

	if !ok {
		diags.Append(diagnose.Bug("state of %s %v names no flavor", r.kind.Name, o.text("name")))

		return subject{}, false
	}

	s := subject{object: o, flavor: f}
	s.input, _ = r.input(o)

	diags.Append(state.GetAttribute(ctx, path.Root(f.Name), &s.config)...)

	return s, !diags.HasError()
}

// save writes the state of a component: what was planned or observed, its id and outputs, and the facts.
func (r *Resource) save(state *tfsdk.State, raw tftypes.Value, s subject, result flavor.Result) diag.Diagnostics {
	var diags diag.Diagnostics

	o, err := open(raw)
	if err != nil {
		diags.Append(diagnose.Bug("%s", err))

		return diags
	}

	v, err := values(o, s.flavor)
	if err != nil {
		diags.Append(diagnose.Bug("%s", err))

		return diags
	}

	named := o["flavor"]
	r.answer(o, s.flavor.Facts(r.kind, o.text("name"), v))

	if o[s.flavor.Name].IsNull() { // a record just imported: the identifier said all that is known
		o["flavor"] = named
	}

	outputs := make(map[string]any, len(result.Outputs))
	for name, value := range result.Outputs {
		outputs[name] = value
	}

	o["id"] = tftypes.NewValue(tftypes.String, result.ID)
	o["outputs"] = terraformMap(outputs)
	state.Raw = tftypes.NewValue(raw.Type(), map[string]tftypes.Value(o))

	return diags
}

type attributeGetter interface {
	GetAttribute(ctx context.Context, p path.Path, target any) diag.Diagnostics
}

// deadline bounds an operation by the component's timeouts.
func deadline(
	ctx context.Context, from attributeGetter, of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics),
) (context.Context, context.CancelFunc, diag.Diagnostics) {
	var limits timeouts.Value

	diags := from.GetAttribute(ctx, path.Root("timeouts"), &limits)

	limit, more := of(limits, ctx, defaultTimeout)
	diags.Append(more...)

	ctx, cancel := context.WithTimeout(ctx, limit)

	return ctx, cancel, diags
}
