package registration

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

var (
	platformPath   = path.Root("platform")
	connectorsPath = path.Root("connectors")
)

// Read looks at what is registered, and says what differs.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model

	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)

	if resp.Diagnostics.HasError() {
		return
	}

	// Whatever the server answers: a state of before there were identities gets one here.
	resp.Diagnostics.Append(identify(ctx, state.ID, resp.Identity)...)

	ctx, cancel, diags := within(ctx, state, timeouts.Value.Read)
	defer cancel()
	resp.Diagnostics.Append(diags...)

	l := &look{have: state.owned(ctx)}
	resp.Diagnostics.Append(recall(ctx, req.Private, &l.have.incarnation)...)

	imported := state.Stack.IsNull()
	if !imported {
		want, diags := r.read(ctx, state, nil)
		resp.Diagnostics.Append(diags...)

		l.want = want
	}

	if resp.Diagnostics.HasError() {
		return
	}

	w := &work{}

	url, err := r.do(ctx, state.Platform, w, func(ctx context.Context) error {
		if err := w.greet(ctx); err != nil {
			return err
		}

		l.client = w.client

		if imported {
			return l.first(ctx)
		}

		return l.again(ctx)
	})

	switch {
	case err != nil && isGone(err):
		resp.State.RemoveResource(ctx)

		return
	case errors.Is(err, zenserver.ErrUndecided):
		return // what the state says stays, until somebody can log in
	case err != nil:
		name := state.Name.ValueString()
		if name == "" {
			name = state.ID.ValueString()
		}

		resp.Diagnostics.Append(failure(diagnose.Read, name, err))

		return
	}

	state.keep(l.have)
	state.URL = textValue(url)

	if imported {
		state.Name = types.StringValue(l.name)
	}

	state.Drift = drift(l.drift)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(identify(ctx, state.ID, resp.Identity)...)
}

func drift(lines []string) types.List {
	if len(lines) == 0 {
		return types.ListNull(types.StringType)
	}

	value, diags := types.ListValueFrom(context.Background(), types.StringType, lines)
	if diags.HasError() {
		return types.ListNull(types.StringType)
	}

	return value
}
