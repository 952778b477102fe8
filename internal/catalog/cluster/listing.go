package cluster

import (
	"context"
	"iter"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// List finds the clusters that components have made on this machine, running or stopped.
func (k3dDriver) List(ctx context.Context, _ flavor.Input, _ flavor.Scope) iter.Seq2[flavor.Found, error] {
	return func(yield func(flavor.Found, error) bool) {
		names, err := k3d.Ours(ctx)
		if err != nil {
			yield(flavor.Found{}, clustered.Worded(err))

			return
		}

		for _, name := range names {
			if !yield(flavor.Found{ID: name, Name: name}, nil) {
				return
			}
		}
	}
}

// List finds the clusters that components have made in the region of the login.
func (eksDriver) List(ctx context.Context, in flavor.Input, _ flavor.Scope) iter.Seq2[flavor.Found, error] {
	site, err := amazon.Enter(ctx, in, "eks", "")
	if err != nil {
		return func(yield func(flavor.Found, error) bool) { yield(flavor.Found{}, err) }
	}

	return amazon.Owned(ctx, site, "EKS cluster")
}
