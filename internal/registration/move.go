package registration

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var _ resource.ResourceWithMoveState = (*Resource)(nil)

// moves has the resource of zenml-io/zenml that a registration takes over. Its server is not in its state: it is the one that
// the provider block or the environment names, as for an import.
var moves = []flavor.Move{{
	Type: "zenml_stack", Provider: "zenml-io/zenml",
	Take: func(state flavor.Former) (flavor.Moved, error) {
		id, err := state.Text("id")

		return flavor.Moved{ID: id}, err
	},
}}

// MoveState takes over a stack that zenml-io/zenml has registered. It leaves what an import leaves.
func (r *Resource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: move}}
}

func move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	const target = "stack_registration"

	moved, ok, err := flavor.Take(moves, req.SourceTypeName, req.SourceProviderAddress, req.SourceRawState.JSON)

	switch {
	case !ok:
		resp.Diagnostics.Append(diagnose.MoveSource(target, req.SourceTypeName, req.SourceProviderAddress, moves))
	case err != nil:
		resp.Diagnostics.Append(diagnose.Move(target, req.SourceTypeName, err))
	default:
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("id"), moved.ID)...)
	}
}
