package registration

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

// ModifyPlan says what is known before apply. It contacts nobody.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}

	var plan, state model

	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)

	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}

	if resp.Diagnostics.HasError() {
		return
	}

	whole, err := r.whole(ctx, plan.Stack)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	plan.forget()

	if name := whole.Name(); name != "" {
		plan.Name = types.StringValue(name)
	}

	server, known := readPlatform(ctx, plan.Platform)

	// Whether another address is another server, only apply can tell. Nothing is replaced because of it: where the address is
	// unknown yet, Terraform would not take that back, and where it has become known, not ask for it any more.
	if was, _ := readPlatform(ctx, state.Platform); known && !req.State.Raw.IsNull() && !apart(was, server) {
		r.foresee(ctx, &plan, state)
	}

	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)

	if known && !server.inCluster() && r.outside.Servers.Fleeting(server.uri) && !resp.Plan.Raw.Equal(req.State.Raw) {
		resp.Diagnostics.Append(diagnose.FleetingKey(server.uri))
	}
}

// forget leaves to apply whatever it tells.
func (m *model) forget() {
	m.ID, m.Name, m.URL = types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	m.ComponentIDs, m.ConnectorIDs = types.MapUnknown(types.StringType), types.MapUnknown(types.StringType)
	m.FlavorIDs, m.SecretIDs = types.MapUnknown(types.StringType), types.MapUnknown(types.StringType)
	m.Drift = types.ListNull(types.StringType) // what differs is repaired
}

// foresee plans what the state holds and what nothing changes. What has drifted may get another id.
func (r *Resource) foresee(ctx context.Context, plan *model, state model) {
	plan.URL = state.URL

	if !state.Drift.IsNull() || state.Stack.IsNull() {
		return
	}

	plan.ID = state.ID

	if r.sameParts(ctx, plan.Stack, state.Stack) {
		plan.ComponentIDs = state.ComponentIDs
	}

	if plan.Connectors.Equal(state.Connectors) {
		plan.ConnectorIDs = state.ConnectorIDs
	}

	if plan.Flavors.Equal(state.Flavors) && plan.FlavorSources.Equal(state.FlavorSources) {
		plan.FlavorIDs = state.FlavorIDs
	}

	if plan.SecretsVersion.Equal(state.SecretsVersion) {
		plan.SecretIDs = state.SecretIDs
	}
}

// sameParts says that a stack consists of the same components as before, however they are configured.
func (r *Resource) sameParts(ctx context.Context, a, b types.Object) bool {
	parts := func(value types.Object) (list []string, known bool) {
		whole, err := r.whole(ctx, value)
		if err != nil || !whole.Known() {
			return nil, false
		}

		var w wanted

		w.addStack(whole)

		for _, p := range w.parts {
			list = append(list, p.key()+" "+p.Flavor)
		}

		slices.Sort(list)

		return list, true
	}

	before, known := parts(b)
	after, alsoKnown := parts(a)

	return known && alsoKnown && slices.Equal(before, after)
}
