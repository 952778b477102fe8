package owned

import (
	"context"
	"iter"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// List finds components by the markers of their objects in a directory and below.
func (d Driver[C, P]) List(ctx context.Context, in flavor.Input, scope flavor.Scope) iter.Seq2[flavor.Found, error] {
	return func(yield func(flavor.Found, error) bool) {
		for one, err := range disk.Below(ctx, Absolute(scope.Directory)) {
			if err == nil && (one.Owner.Kind != in.Kind || one.Owner.Flavor != d.Flavor || one.Directory != d.Object.Directory) {
				continue
			}

			if !yield(flavor.Found{ID: one.Path, Name: one.Owner.Name}, worded(err)) || err != nil {
				return
			}
		}
	}
}
