package cluster

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// Wake starts a cluster that is stopped, where that can be done from here.
func Wake(ctx context.Context, reference map[string]string) error {
	if reference["type"] != TypeK3d {
		return nil
	}

	return k3d.Start(ctx, reference["name"])
}

// LocalPort is the port of this machine that leads to a port of the cluster's nodes; 0 where none does.
func LocalPort(ctx context.Context, reference map[string]string, node int) (int, error) {
	if reference["type"] != TypeK3d {
		return 0, nil
	}

	found, err := k3d.Inspect(ctx, reference["name"])
	if err != nil {
		return 0, err
	}

	for _, port := range found.Ports {
		if port.Node == node && port.Protocol != "udp" {
			return port.Host, nil
		}
	}

	return 0, nil
}
