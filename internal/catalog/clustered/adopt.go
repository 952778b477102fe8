package clustered

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
)

// adopt learns from a release that is imported what the configuration must have been.
func (d Service[C]) adopt(ctx context.Context, site Site, cfg *C) error {
	client, err := helm.New(site.REST(), site.Namespace)
	if err != nil {
		return err
	}

	found, err := client.Observe(ctx, helm.Release{Name: site.Name})
	if err != nil {
		return err
	}

	parts := d.Parts(cfg)
	learn(&parts.Workload.Image, found.Values["image"])

	if parts.Stored != nil {
		storage, _ := found.Values["storage"].(map[string]any)
		learn(&parts.Stored.Storage, storage["size"])
		learn(&parts.Stored.StorageClass, storage["className"])
	}

	if parts.Expose != nil {
		*parts.Expose = exposure(found.Values)
	}

	return nil
}

// exposure is how a release was exposed.
func exposure(values map[string]any) Expose {
	service, _ := values["service"].(map[string]any)
	ingress, _ := values["ingress"].(map[string]any)
	expose := Expose{Type: "none"}

	switch {
	case ingress["enabled"] == true:
		expose.Type = "ingress"
		learn(&expose.Host, ingress["host"])
		learn(&expose.TLS, ingress["tlsSecret"])
	case service["type"] == "NodePort":
		expose.Type = "node_port"
		expose.Port = whole(service["nodePort"])
	case service["type"] == "LoadBalancer":
		expose.Type = "load_balancer"
		expose.Port = whole(service["port"])
	}

	return expose
}

func learn(into *string, value any) {
	if text, ok := value.(string); ok {
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
