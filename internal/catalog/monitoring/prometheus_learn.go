package monitoring

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

// learnPrometheus is prometheusValues backwards: the upstream chart's values are called otherwise than those of our own. What a
// release does not tell stays.
func learnPrometheus(cfg *prometheusConfig, found helm.Observed, _ map[string]string) {
	values := clustered.Released{Values: found.Values}

	// Who installed the chart without a word about the volume has the size that the chart says, and it is in the claim.
	for _, object := range found.Objects {
		if object.GetKind() == "PersistentVolumeClaim" {
			claim := clustered.Released{Values: object.Object}
			clustered.Learn(&cfg.Storage, claim.Value("spec", "resources", "requests", "storage"))
			clustered.Learn(&cfg.StorageClass, claim.Value("spec", "storageClassName"))
		}
	}

	clustered.Learn(&cfg.Storage, values.Value("server", "persistentVolume", "size"))
	clustered.Learn(&cfg.StorageClass, values.Value("server", "persistentVolume", "storageClass"))
	clustered.Learn(&cfg.Retention, values.Value("server", "retention"))
	clustered.Learn(&cfg.ScrapeInterval, values.Value("server", "global", "scrape_interval"))

	if found.Chart == upstreamName {
		clustered.Learn(&cfg.Chart.Version, found.ChartVersion)
	}

	cfg.Image = imageOf(values)
	cfg.Expose = exposureOf(values)

	secrets, _ := values.Value("imagePullSecrets").([]any)
	for _, secret := range secrets {
		if object, ok := secret.(map[string]any); ok {
			if name, ok := object["name"].(string); ok {
				cfg.ImagePullSecrets = append(cfg.ImagePullSecrets, name)
			}
		}
	}
}

// imageOf puts an image's name together again; empty where it is the chart's own, be it from a mirror.
func imageOf(values clustered.Released) string {
	var name, tag, digest string

	clustered.Learn(&name, values.Value("server", "image", "repository"))
	clustered.Learn(&tag, values.Value("server", "image", "tag"))
	clustered.Learn(&digest, values.Value("server", "image", "digest"))

	if name == "" || tag == "" {
		return ""
	}

	if digest == "" {
		return name + ":" + tag
	}

	if tag != untagged {
		name += ":" + tag
	}

	return name + "@" + digest
}

// exposureOf is how a release is exposed. Hosts and ports in addresses alone are nothing that it knows.
func exposureOf(values clustered.Released) clustered.Expose {
	expose := clustered.Expose{Type: "none"}
	port := func(name string) int64 {
		number, _ := values.Value("server", "service", name).(int64)

		return number
	}

	switch kind := values.Value("server", "service", "type"); {
	case values.Value("server", "ingress", "enabled") == true:
		expose.Type = "ingress"
		clustered.Learn(&expose.Host, first(values.Value("server", "ingress", "hosts")))

		if tls, ok := first(values.Value("server", "ingress", "tls")).(map[string]any); ok {
			clustered.Learn(&expose.TLS, tls["secretName"])
		}
	case kind == "NodePort":
		expose.Type, expose.Port = "node_port", port("nodePort")
	case kind == "LoadBalancer":
		expose.Type = "load_balancer"

		if number := port("servicePort"); number != prometheusPort {
			expose.Port = number
		}
	}

	return expose
}

func first(list any) any {
	if all, ok := list.([]any); ok && len(all) > 0 {
		return all[0]
	}

	return nil
}
