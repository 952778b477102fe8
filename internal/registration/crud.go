package registration

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

// incarnationKey is where the incarnation is kept, beside the state.
const incarnationKey = "incarnation"

// within bounds an operation by the timeouts.
func within(
	ctx context.Context, m model, of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics),
) (context.Context, context.CancelFunc, diag.Diagnostics) {
	usual, err := time.ParseDuration(patience)
	if err != nil {
		return ctx, func() {}, diag.Diagnostics{diagnose.Bug("%s", err)}
	}

	limit, diags := of(m.Timeouts, ctx, usual)
	ctx, cancel := context.WithTimeout(ctx, limit)

	return ctx, cancel, diags
}

// planned is what a plan wants, with the secrets that only the configuration has.
func (r *Resource) planned(ctx context.Context, from tfsdk.Plan, beside tfsdk.Config) (plan model, want wanted, diags diag.Diagnostics) {
	var config model

	diags.Append(from.Get(ctx, &plan)...)
	diags.Append(beside.Get(ctx, &config)...)

	if diags.HasError() {
		return plan, want, diags
	}

	want, found := r.read(ctx, plan, &config)
	diags.Append(found...)

	return plan, want, diags
}

// Create registers the stack.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan, want, diags := r.planned(ctx, req.Plan, req.Config)
	resp.Diagnostics.Append(diags...)

	ctx, cancel, diags := within(ctx, plan, timeouts.Value.Create)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	if resp.Diagnostics.HasError() {
		return
	}

	w := &work{want: want, have: newOwned()}
	w.have.incarnation = zenserver.NewID()

	url, err := r.do(ctx, plan.Platform, w, w.converge)
	if err != nil {
		resp.Diagnostics.Append(failure(diagnose.Create, want.name, err))
	}

	resp.Diagnostics.Append(diagnose.RegistrationNotices(want.name, w.notices)...)

	if err != nil && w.have.empty() {
		return // nothing was made
	}

	plan.answer(w.have, want.name, url)
	resp.Diagnostics.Append(remember(ctx, resp.Private, w.have.incarnation)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(identify(ctx, plan.ID, resp.Identity)...)
}

// do opens the server and works on it.
func (r *Resource) do(ctx context.Context, platform types.Object, w *work, steps func(context.Context) error) (url string, err error) {
	client, done, err := r.open(ctx, platform)
	defer done()

	if err != nil {
		return "", err
	}

	w.client = client
	err = steps(ctx)

	where, _ := readPlatform(ctx, platform)

	return dashboard(ctx, client, where.uri), err
}

// dashboard is the address of the server's stacks; the server has no page for one of them. The client's own address may be
// one that leads there for a moment only.
func dashboard(ctx context.Context, client *zenserver.Client, uri string) string {
	info, _ := client.About(ctx) // asked for before, or it is said elsewhere why not

	return zenserver.Address(cmp.Or(info.DashboardURL, uri, client.URL())) + "/stacks"
}

// Update changes the registration in place.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var state model

	plan, want, diags := r.planned(ctx, req.Plan, req.Config)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)

	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel, diags := within(ctx, plan, timeouts.Value.Update)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	w := &work{want: want, have: state.owned(ctx), imported: state.Stack.IsNull()}
	resp.Diagnostics.Append(r.before(ctx, state, &w.former)...)
	resp.Diagnostics.Append(recall(ctx, req.Private, &w.have.incarnation)...)

	if resp.Diagnostics.HasError() {
		return
	}

	arrived := false

	url, err := r.do(ctx, plan.Platform, w, func(ctx context.Context) error {
		another, err := r.moved(ctx, state, plan, w)
		if err != nil {
			return err
		}

		arrived = true

		if another {
			state.SecretsVersion = types.Int64Null() // none has been handed over there
		}

		if w.have.incarnation == "" {
			w.have.incarnation = zenserver.NewID() // it was imported, and is ours from now on, or is made anew
		}

		return w.converge(ctx)
	})
	resp.Diagnostics.Append(diagnose.RegistrationNotices(want.name, w.notices)...)
	resp.Diagnostics.Append(remember(ctx, resp.Private, w.have.incarnation)...)

	if err != nil {
		resp.Diagnostics.Append(failure(diagnose.Update, want.name, err))

		// The next apply starts from what the state says now, and from what is on the server.
		if arrived {
			state.Platform, state.URL = plan.Platform, types.StringValue(url)
		}

		state.keep(w.have)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
		resp.Diagnostics.Append(identify(ctx, state.ID, resp.Identity)...)

		return
	}

	plan.answer(w.have, want.name, url)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(identify(ctx, plan.ID, resp.Identity)...)
}

// before reads what was registered until now; nothing where only an import knows of it.
func (r *Resource) before(ctx context.Context, state model, f *former) diag.Diagnostics {
	if state.Stack.IsNull() {
		return nil
	}

	was, diags := r.read(ctx, state, nil)
	*f = former{
		name: state.Name.ValueString(), labels: was.labels, secretsVersion: was.secretsVersion, connectors: was.connectors,
		keys: map[string]string{}, known: true,
	}

	for _, p := range was.parts {
		f.keys[p.slot] = p.key()
	}

	return diags
}

// Delete removes what was registered.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model

	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)

	if resp.Diagnostics.HasError() {
		return
	}

	ctx, cancel, diags := within(ctx, state, timeouts.Value.Delete)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	w := &work{have: state.owned(ctx)}
	resp.Diagnostics.Append(recall(ctx, req.Private, &w.have.incarnation)...)

	name := state.Name.ValueString()

	_, err := r.do(ctx, state.Platform, w, w.removeAll)
	resp.Diagnostics.Append(diagnose.RegistrationNotices(name, w.notices)...)

	if err != nil {
		resp.Diagnostics.Append(failure(diagnose.Delete, name, err))
		state.keep(w.have)
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func recall(ctx context.Context, private privateReader, incarnation *string) diag.Diagnostics {
	kept, diags := private.GetKey(ctx, incarnationKey)
	if len(kept) == 0 {
		return diags
	}

	if err := json.Unmarshal(kept, incarnation); err != nil {
		diags.Append(diagnose.Bug("private state: %s", err))
	}

	return diags
}

func remember(ctx context.Context, private privateWriter, incarnation string) diag.Diagnostics {
	kept, err := json.Marshal(incarnation)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("private state: %s", err)}
	}

	return private.SetKey(ctx, incarnationKey, kept)
}
