package component

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// unplaced says of a component that it was moved here by a state that does not tell which cluster it lives in. Only the
// configuration knows; until it is applied, the state stays as it is, and nothing is read.
func unplaced(o object, f flavor.Flavor) bool {
	return f.Clustered && len(o) > 0 && o["cluster"].IsNull() && o[f.Name].IsNull() && o.plain("id") != nil
}

// found looks for something unplaced where the configuration says that it is. What is not there must not be made instead of
// what was moved, and what bears a name cannot be given another one. was is what the state knows of its configuration, and wanted
// what it is to be.
func found(ctx context.Context, f flavor.Flavor, in flavor.Input, id string, was, wanted types.Object) error {
	_, result, err := f.Read(ctx, in, id, was)

	switch {
	case errors.Is(err, flavor.ErrNotFound):
		return &flavor.AttributeError{
			Err: fmt.Errorf("what was moved here is not in cluster %q: %w", in.Cluster.Name, err),
			Fix: "Set cluster to the one that it lives in. Nothing was changed.",
		}
	case err != nil:
		return err
	case f.Named && result.Name != in.Name:
		return &flavor.AttributeError{
			Err: fmt.Errorf("what was moved here is called %q, and the component %q", result.Name, in.Name),
			Fix: fmt.Sprintf("Set name = %q: under another name it would be another object. Nothing was changed.", result.Name),
		}
	}

	if place, err := f.Locate(ctx, in, wanted); err == nil && place != id {
		return &flavor.AttributeError{
			Err: fmt.Errorf("what was moved here is %q, and the configuration says %q", id, place),
			Fix: "Set what the former says: elsewhere it would be another object. Nothing was changed.",
		}
	}

	return nil
}

// lookAhead looks for something unplaced while it is planned, as far as its place is known and can be asked by then.
func (r *Resource) lookAhead(ctx context.Context, req resource.ModifyPlanRequest, plan, state object, f flavor.Flavor) diag.Diagnostics {
	if was, ok := r.imported(state); !ok || was.Name != f.Name {
		return diag.Diagnostics{diagnose.MoveFlavor(r.kind, was, f)}
	}

	in, _ := r.input(plan)
	id, _ := state.plain("id").(string)

	if in.Cluster == nil || in.Name == "" || !plan[f.Name].IsFullyKnown() {
		return nil
	}

	var was, wanted types.Object

	diags := req.State.GetAttribute(ctx, path.Root(f.Name), &was)
	diags.Append(req.Plan.GetAttribute(ctx, path.Root(f.Name), &wanted)...)

	if diags.HasError() {
		return diags
	}

	if err := found(ctx, f, in, id, was, wanted); err != nil && !errors.Is(err, flavor.ErrAsleep) {
		diags.Append(diagnose.Failure(diagnose.Read, r.kind, f, in.Name, err))
	}

	return diags
}

// staying makes the login tell of what exists where it is, and not where it would be made now: the region that the state
// records goes before the login's, as it does in every operation.
func staying(s flavor.Subject, state object) flavor.Subject {
	ask, kept := s.Ask, outputs(state)

	if ask != nil {
		s.Ask = func(name string) any {
			if value := kept[name]; value != "" {
				return value
			}

			return ask(name)
		}
	}

	return s
}
