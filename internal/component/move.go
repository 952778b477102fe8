package component

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// MoveState takes over what other providers have made. It leaves what an import leaves, so that all that follows is the same.
func (r *Resource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

func (r *Resource) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	var (
		all     []flavor.Move
		reasons []error
	)

	for _, f := range r.kind.Flavors {
		all = append(all, f.Moves...)

		moved, ok, err := flavor.Take(f.Moves, req.SourceTypeName, req.SourceProviderAddress, req.SourceRawState.JSON)

		switch {
		case err != nil:
			reasons = append(reasons, err)
		case ok:
			r.take(ctx, f, moved, resp)

			return
		}
	}

	if len(reasons) == 0 {
		resp.Diagnostics.Append(diagnose.MoveSource(r.kind.Name, req.SourceTypeName, req.SourceProviderAddress, all))

		return
	}

	resp.Diagnostics.Append(diagnose.Move(r.kind.Name, req.SourceTypeName, reasons...))
}

// take writes the state of something that is there and of which only the flavor and the id are known.
func (r *Resource) take(ctx context.Context, f flavor.Flavor, moved flavor.Moved, resp *resource.MoveStateResponse) {
	resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, importedKey, []byte("true"))...)
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("flavor"), f.Name)...)
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("id"), moved.ID)...)
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("managed"), true)...)

	if moved.Outputs != nil {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("outputs"), moved.Outputs)...)
	}

	if moved.Warning != "" {
		resp.Diagnostics.Append(diagnose.MoveWarning(r.kind, f, moved.ID, moved.Warning))
	}

	resp.Diagnostics.Append(r.identifyStored(ctx, resp.TargetIdentity, resp.TargetState.Raw)...)
}
