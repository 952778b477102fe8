package k3d

import (
	"context"
	"fmt"
	"slices"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/k3d-io/k3d/v5/pkg/types"
)

// Ours are the names of the clusters that this provider has made, running or stopped, in the order of the alphabet.
func Ours(ctx context.Context) ([]string, error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("list k3d clusters: %w", err)
	}

	defer func() { _ = e.Close() }()

	list, err := e.ContainerList(ctx, container.ListOptions{All: true, Filters: filters.NewArgs(
		filters.Arg("label", managedByLabel+"="+managedBy), filters.Arg("label", types.LabelRole+"="+string(types.ServerRole)),
	)})
	if err != nil {
		return nil, fmt.Errorf("list k3d clusters: %w", e.fault(err))
	}

	var names []string

	for _, one := range list {
		if name := one.Labels[types.LabelClusterName]; name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}

	slices.Sort(names)

	return names, nil
}
