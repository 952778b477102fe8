package monitoring

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
)

var prometheusService = clustered.Service[prometheusConfig]{
	Flavor: "prometheus",
	Door:   clustered.Door{Scheme: "http", Port: prometheusPort, Path: "/-/ready"},
	Chart:  func(c prometheusConfig) helm.Source { return c.Chart.source() },
	Parts: func(c *prometheusConfig) clustered.Parts {
		return clustered.Parts{Workload: &c.Workload, Expose: &c.Expose, Stored: &c.Stored}
	},
	Foreign: true,
	Values:  prometheusValues,
	Learn:   learnPrometheus,
	Default: prometheusConfig{
		Workload: clustered.Workload{ImagePullSecrets: []string{}}, Stored: clustered.Stored{Storage: standardSize},
		Retention: "15d", ScrapeInterval: "30s", Chart: upstream,
	},
}

// The images that the upstream chart names, and the registry they come from.
const (
	upstreamServer   = "quay.io/prometheus/prometheus"
	upstreamReloader = "quay.io/prometheus-operator/prometheus-config-reloader"
)

// prometheusValues are those of the upstream chart, whose names differ from those of our own charts.
func prometheusValues(_ context.Context, site clustered.Site, cfg prometheusConfig) (map[string]any, error) {
	server := map[string]any{
		"fullnameOverride":        site.Name,
		"clusterRoleNameOverride": "mlstacks-" + site.Namespace + "." + site.Name, // it has no namespace that would tell two apart
		"enableServiceLinks":      false,
		"retention":               cfg.Retention,
		"global":                  intervals(cfg.ScrapeInterval),
		"persistentVolume":        volume(cfg.Stored),
		"service":                 service(cfg.Expose),
	}

	if cfg.Expose.Type == "ingress" {
		server["ingress"] = ingress(cfg.Expose)
	}

	values := map[string]any{
		"server":           server,
		"imagePullSecrets": named(cfg.ImagePullSecrets),
		"alertmanager":     off(), "prometheus-pushgateway": off(), "prometheus-node-exporter": off(), "kube-state-metrics": off(),
		"extraScrapeConfigs": scrapeConfig,
	}

	switch {
	case cfg.Image != "":
		server["image"] = image(cfg.Image)
	case site.Input.ImageRegistry != "":
		server["image"] = map[string]any{"repository": clustered.Mirrored(site.Input, upstreamServer, upstreamServer)}
	}

	if site.Input.ImageRegistry != "" {
		values["configmapReload"] = map[string]any{"prometheus": map[string]any{
			"image": map[string]any{"repository": clustered.Mirrored(site.Input, upstreamReloader, upstreamReloader)},
		}}
	}

	return values, nil
}

// intervals keeps the time for one scrape, ten seconds in the chart, from being longer than the time between two, which
// Prometheus refuses.
func intervals(scrape string) map[string]any {
	values := map[string]any{"scrape_interval": scrape}

	const standard = 10 * time.Second

	if between, err := time.ParseDuration(scrape); err == nil && between < standard {
		values["scrape_timeout"] = scrape
	}

	return values
}

func off() map[string]any { return map[string]any{"enabled": false} }

func volume(stored clustered.Stored) map[string]any {
	values := map[string]any{"enabled": true, "size": stored.Storage}
	if stored.StorageClass != "" {
		values["storageClass"] = stored.StorageClass
	}

	return values
}

func service(expose clustered.Expose) map[string]any {
	values := map[string]any{"type": "ClusterIP", "servicePort": int64(prometheusPort)}

	switch expose.Type {
	case "node_port":
		values["type"] = "NodePort"

		if expose.Port != 0 {
			values["nodePort"] = expose.Port
		}
	case "load_balancer":
		values["type"] = "LoadBalancer"

		if expose.Port != 0 {
			values["servicePort"] = expose.Port
		}
	}

	return values
}

func ingress(expose clustered.Expose) map[string]any {
	values := map[string]any{"enabled": true, "hosts": []any{expose.Host}}
	if expose.TLS != "" {
		values["tls"] = []any{map[string]any{"secretName": expose.TLS, "hosts": []any{expose.Host}}}
	}

	return values
}

func named(names []string) []any {
	list := make([]any, 0, len(names))
	for _, name := range names {
		list = append(list, map[string]any{"name": name})
	}

	return list
}

// untagged is the tag of an image that names none.
const untagged = "latest"

// image takes the parts of an image's name apart, as the chart wants them.
func image(name string) map[string]any {
	name, digest, _ := strings.Cut(name, "@")
	values := map[string]any{"repository": name, "tag": untagged, "digest": digest}

	if at := strings.LastIndex(name, ":"); at > strings.LastIndex(name, "/") {
		values["repository"], values["tag"] = name[:at], name[at+1:]
	}

	return values
}

// silent are the flavors that tell no metrics without being asked to.
var silent = []string{"distribution", "minio", "mlflow", "mysql", "postgres"}

// paths are where metrics are that are not at /metrics, by flavor.
var paths = map[string]string{"minio": "/minio/v2/metrics/cluster"}

// scrapeConfig finds the services of components by their labels.
var scrapeConfig = scrape()

func scrape() string {
	const label, annotation = "__meta_kubernetes_service_label_", "__meta_kubernetes_service_annotation_prometheus_io_"

	var text strings.Builder

	rule := func(from string, settings ...string) {
		fmt.Fprintf(&text, "  - source_labels: [%s]\n", from)

		for _, setting := range settings {
			fmt.Fprintf(&text, "    %s\n", setting)
		}
	}

	text.WriteString("- job_name: mlstacks\n  kubernetes_sd_configs:\n  - role: endpoints\n  relabel_configs:\n")
	rule(label+"app_kubernetes_io_managed_by, "+label+"mlstacks_io_kind", "action: keep", "regex: mlstacks;.+")
	rule(annotation+"scrape", "action: drop", `regex: "false"`)
	rule(label+"mlstacks_io_flavor, "+annotation+"scrape", "action: drop", "regex: ("+strings.Join(silent, "|")+");")

	for _, flavor := range slices.Sorted(maps.Keys(paths)) {
		rule(label+"mlstacks_io_flavor", "regex: "+flavor, "target_label: __metrics_path__", "replacement: "+paths[flavor])
	}

	rule(annotation+"path", "regex: (.+)", "target_label: __metrics_path__")
	rule(annotation+"scheme", "regex: (https?)", "target_label: __scheme__")
	rule("__address__, "+annotation+"port", `regex: (.+?)(?::\d+)?;(\d+)`, "target_label: __address__", "replacement: $1:$2")

	for _, pair := range [][2]string{
		{label + "mlstacks_io_kind", "component_type"},
		{label + "mlstacks_io_flavor", "flavor"},
		{label + "mlstacks_io_name", "component"},
		{"__meta_kubernetes_namespace", "namespace"},
		{"__meta_kubernetes_pod_name", "pod"},
	} {
		rule(pair[0], "target_label: "+pair[1])
	}

	return text.String()
}
