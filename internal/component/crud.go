package component

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// patience is how long an operation may take where the configuration does not say.
func (r *Resource) patience() time.Duration {
	if r.kind.Slow {
		return time.Hour
	}

	return 20 * time.Minute
}

// Create makes the component real, or records what exists already (managed = false).
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	ctx, cancel, diags := r.deadline(ctx, req.Plan, timeouts.Value.Create)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	s, ok := r.planned(ctx, req.Plan, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	result, err := r.make(ctx, s)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Create, r.kind, s.flavor, s.name(), err))
	}

	if result.ID != "" { // saved beside an error too: an object that exists must not be lost
		resp.Diagnostics.Append(remember(ctx, resp.Private, result)...)
		resp.Diagnostics.Append(diagnose.Notices(r.kind, s.flavor, s.name(), result.Notices)...)
		result.Cluster = ""
		result.Drift = nil // what was just made is as it was to be, or the next refresh says so
		resp.Diagnostics.Append(r.save(ctx, &resp.State, req.Plan.Raw, s, result)...)
		resp.Diagnostics.Append(r.identifyStored(ctx, resp.Identity, resp.State.Raw)...)
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
	ctx, cancel, diags := r.deadline(ctx, req.State, timeouts.Value.Read)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	// Also of what is gone or cannot be looked at now, since Terraform wants one of every read.
	defer func() {
		resp.Diagnostics.Append(r.identifyStored(ctx, resp.Identity, resp.State.Raw, req.State.Raw)...)
	}()

	s, ok := r.stored(ctx, req.State, req.Private, &resp.Diagnostics)
	if !ok {
		return
	}

	if unplaced(s.object, s.flavor) {
		return // the state stays as it is
	}

	observed, result, err := r.look(ctx, s, req.Identity)
	if errors.Is(err, flavor.ErrNotFound) {
		resp.State.RemoveResource(ctx)

		return
	}

	if errors.Is(err, flavor.ErrAsleep) && !s.object[s.flavor.Name].IsNull() {
		resp.Diagnostics.Append(diagnose.Asleep(r.kind, s.flavor, s.name(), err))

		return // the state stays as it is
	}

	if err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Read, r.kind, s.flavor, s.name(), err))

		return
	}

	raw, err := observed.ToTerraformValue(ctx)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	if !s.object[s.flavor.Name].IsNull() {
		result.Cluster = "" // only an import leaves it to the object to say where it lives
	}

	s.object[s.flavor.Name] = raw
	r.importLabels(s.object)

	if s.object.plain("name") == nil && result.Name != "" {
		s.object["name"] = tftypes.NewValue(tftypes.String, result.Name)
	}

	s.object["outputs"] = tftypes.NewValue(textMap, tftypes.UnknownValue) // as they are now

	resp.Diagnostics.Append(remember(ctx, resp.Private, result)...)
	resp.Diagnostics.Append(r.save(ctx, &resp.State, tftypes.NewValue(req.State.Raw.Type(), map[string]tftypes.Value(s.object)), s, result)...)
}

// importLabels says of what was just imported that it has no labels, where none are wanted. Where some are, they stay
// null, so that the next plan shows that they are to be put on.
func (r *Resource) importLabels(o object) {
	if wanted, known, err := flavor.PlainMap(r.labels(o)); o["labels_all"].IsNull() && known && err == nil && len(wanted) == 0 {
		o["labels_all"] = tftypes.NewValue(textMap, map[string]tftypes.Value{})
	}
}

// Update changes the component in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	ctx, cancel, diags := r.deadline(ctx, req.Plan, timeouts.Value.Update)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	defer func() { resp.Diagnostics.Append(r.identifyStored(ctx, resp.Identity, resp.State.Raw)...) }()

	after, ok := r.planned(ctx, req.Plan, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}

	before, ok := r.stored(ctx, req.State, req.Private, &resp.Diagnostics)
	if !ok {
		return
	}

	after.input.Was, after.input.Incarnation = before.input.Name, before.input.Incarnation
	after.input.Outputs, after.input.FormerLabels = before.input.Outputs, before.input.Labels

	result, err := r.change(ctx, before, after)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Update, r.kind, after.flavor, after.name(), err))
	} else if result.ID == "" {
		result.ID = before.id() // an update seldom changes what the object is known by
	}

	if result.ID != "" { // after a failure, only what the driver vouches for replaces the old state
		resp.Diagnostics.Append(remember(ctx, resp.Private, result)...)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, []byte("false"))...)
		result.Cluster, result.Drift = "", nil

		if planned, ok := after.object["kubernetes_version"]; ok && planned.IsKnown() {
			result.Version = "" // what was planned is what is stored
		}

		resp.Diagnostics.Append(diagnose.Notices(r.kind, after.flavor, after.name(), result.Notices)...)
		resp.Diagnostics.Append(r.save(ctx, &resp.State, req.Plan.Raw, after, result)...)
	}
}

func (r *Resource) change(ctx context.Context, before, after subject) (flavor.Result, error) {
	if !after.input.Managed {
		return r.make(ctx, after)
	}

	if unplaced(before.object, before.flavor) {
		if err := found(ctx, after.flavor, after.input, before.id(), before.config, after.config); err != nil {
			return flavor.Result{}, err
		}
	}

	if !before.input.Managed { // from now on it is ours to look after, where it lets itself be taken over
		return after.flavor.Create(ctx, after.input, after.config)
	}

	return after.flavor.Update(ctx, after.input, before.id(), before.config, after.config)
}

// Delete removes what the component made; what it only recorded stays.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	ctx, cancel, diags := r.deadline(ctx, req.State, timeouts.Value.Delete)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	s, ok := r.stored(ctx, req.State, req.Private, &resp.Diagnostics)
	if !ok || !s.input.Managed {
		return
	}

	if unplaced(s.object, s.flavor) {
		resp.Diagnostics.Append(diagnose.Unplaced(r.kind, s.id()))

		return
	}

	if err := s.flavor.Delete(ctx, s.input, s.id(), s.config); err != nil && !errors.Is(err, flavor.ErrNotFound) {
		resp.Diagnostics.Append(diagnose.Failure(diagnose.Delete, r.kind, s.flavor, s.name(), err))
	}
}

type attributeGetter interface {
	GetAttribute(ctx context.Context, p path.Path, target any) diag.Diagnostics
}

// deadline bounds an operation by the component's timeouts.
func (r *Resource) deadline(
	ctx context.Context, from attributeGetter, of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics),
) (context.Context, context.CancelFunc, diag.Diagnostics) {
	var limits timeouts.Value

	diags := from.GetAttribute(ctx, path.Root("timeouts"), &limits)

	limit, more := of(limits, ctx, r.patience())
	diags.Append(more...)

	ctx, cancel := context.WithTimeout(ctx, limit)

	return ctx, cancel, diags
}
