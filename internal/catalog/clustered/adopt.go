package clustered

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
)

// adopt finds a release that is imported, and learns from it what the configuration must have been.
func (d Service[C]) adopt(ctx context.Context, site Site, cfg *C) (helm.Observed, error) {
	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return helm.Observed{}, err
	}

	found, err := client.Observe(ctx, helm.Release{Name: site.Name})
	if err != nil || d.Foreign {
		return found, err
	}

	parts := d.Parts(cfg)
	Learn(&parts.Workload.Image, found.Values["image"])

	if parts.Stored != nil {
		storage, _ := found.Values["storage"].(map[string]any)
		Learn(&parts.Stored.Storage, storage["size"])
		Learn(&parts.Stored.StorageClass, storage["className"])
	}

	if parts.Expose != nil {
		*parts.Expose = exposure(found.Values)
	}

	return found, nil
}

// exposure is how a release was exposed.
func exposure(values map[string]any) Expose {
	service, _ := values["service"].(map[string]any)
	ingress, _ := values["ingress"].(map[string]any)
	expose := Expose{Type: "none"}

	switch {
	case ingress["enabled"] == true:
		expose.Type = "ingress"
		Learn(&expose.Host, ingress["host"])
		Learn(&expose.TLS, ingress["tlsSecret"])
	case service["type"] == "NodePort":
		expose.Type = "node_port"
		expose.Port = whole(service["nodePort"])
	case service["type"] == "LoadBalancer":
		expose.Type = "load_balancer"
		expose.Port = whole(service["port"])
	}

	return expose
}

// Learn takes over a text that a release or a Secret has; one that is missing or empty is nothing to learn.
func Learn(into *string, value any) {
	if text, ok := value.(string); ok && text != "" {
		*into = text
	}
}

func whole(value any) int64 {
	switch value := value.(type) {
	case int64:
		return value
	case int:
		return int64(value)
	case float64:
		return int64(value)
	default:
		return 0
	}
}
