package monitoring

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// holding is as much of a Kubernetes API as an import asks for: one release of Helm's. It stands in for the wire; what a real
// cluster keeps of a release is shown by the tests that have one.
func holding(t *testing.T, version string, values map[string]any) *flavor.Cluster {
	t.Helper()

	record, err := json.Marshal(map[string]any{
		"name": "metrics", "namespace": "ml", "version": 1, "info": map[string]any{"status": "deployed"}, "config": values,
		"chart": map[string]any{"metadata": map[string]any{"apiVersion": "v2", "name": "prometheus", "version": version}},
	})
	must(t, err)

	var zipped bytes.Buffer

	writer := gzip.NewWriter(&zipped)
	_, err = writer.Write(record)
	must(t, err)
	must(t, writer.Close())

	coded := []byte(base64.StdEncoding.EncodeToString(zipped.Bytes()))

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var answer any

		switch path := r.Method + " " + r.URL.Path; path {
		case "GET /api/v1/namespaces/kube-system":
			answer = map[string]any{"kind": "Namespace", "apiVersion": "v1", "metadata": map[string]any{"name": "kube-system", "uid": "u-1"}}
		case "GET /api/v1/namespaces/ml/secrets":
			answer = map[string]any{"kind": "SecretList", "apiVersion": "v1", "items": []any{map[string]any{
				"metadata": map[string]any{
					"name": "sh.helm.release.v1.metrics.v1", "namespace": "ml",
					"labels": map[string]any{"owner": "helm", "name": "metrics", "status": "deployed", "version": "1"},
				},
				"type": "helm.sh/release.v1", "data": map[string]any{"release": coded},
			}}}
		default:
			w.WriteHeader(http.StatusNotFound)
			answer = map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404, "message": path}
		}

		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(server.Close)

	file := filepath.Join(t.TempDir(), "config")
	must(t, os.WriteFile(file, fmt.Appendf(nil, `{"apiVersion": "v1", "kind": "Config", "clusters": [{"name": "dev", "cluster": {"server": %q}}],
"users": [{"name": "dev", "user": {}}], "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "dev"}}]}`, server.URL), 0o600))

	return &flavor.Cluster{Name: "dev", Reference: map[string]string{"type": "kubeconfig", "path": file, "context": "dev"}}
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

// A volume's size replaces the component when it changes, and so would the plan after an import that does not know it.
func TestPrometheus_ImportFindsWhatTheReleaseWasMadeFrom(t *testing.T) {
	t.Parallel()

	config := map[string]any{"namespace": "ml"}
	changed := map[string]any{
		"namespace": "ml", "storage": "64Mi", "storage_class": "fast", "retention": "1y", "scrape_interval": "5s",
		"image": "mirror.example.com:5000/prometheus:v3", "image_pull_secrets": []any{"login"},
		"chart": map[string]any{"oci": upstream.OCI, "version": "1.0.0"},
	}

	standard, special := flavortest.Give(t, Kind(), Prometheus, flavortest.Always(config), flavortest.Always(changed))

	for _, made := range []types.Object{standard.Stored, special.Stored} {
		var cfg prometheusConfig

		if diags := made.As(t.Context(), &cfg, basetypes.ObjectAsOptions{UnhandledNullAsEmpty: true}); diags.HasError() {
			t.Fatal(diags)
		}

		values, err := prometheusValues(t.Context(), clustered.Site{Namespace: "ml", Name: "metrics"}, cfg)
		must(t, err)

		// A mirror that is known only after apply keeps the release from being held against its chart, which is fetched.
		in := flavor.Input{Kind: "monitoring", Managed: true, ImageRegistryUnknown: true, Cluster: holding(t, cfg.Chart.Version, values)}

		found, result, err := Prometheus.Read(t.Context(), in, "ml/metrics", types.ObjectNull(made.AttributeTypes(t.Context())))
		must(t, err)

		if result.ID != "ml/metrics" || result.Name != "metrics" {
			t.Errorf("imported %q of %q", result.ID, result.Name)
		}

		for name, want := range made.Attributes() {
			if got := found.Attributes()[name]; !got.Equal(want) {
				t.Errorf("import found %s = %s, want %s", name, got, want)
			}
		}
	}
}

func TestPrometheus_LearnsWhatItsValuesSay(t *testing.T) {
	t.Parallel()

	for what, change := range map[string]func(*prometheusConfig){
		"standard":               func(*prometheusConfig) {},
		"a volume":               func(c *prometheusConfig) { c.Storage, c.StorageClass = "64Mi", "fast" },
		"an image":               func(c *prometheusConfig) { c.Image = "mirror.example.com:5000/prometheus:v3" },
		"an image by its digest": func(c *prometheusConfig) { c.Image = "quay.io/prometheus/prometheus@sha256:ab" },
		"an image by both":       func(c *prometheusConfig) { c.Image = "quay.io/prometheus/prometheus:v3@sha256:ab" },
		"an ingress": func(c *prometheusConfig) {
			c.Expose = clustered.Expose{Type: "ingress", Host: "metrics.example.com", TLS: "t"}
		},
		"a plain ingress":            func(c *prometheusConfig) { c.Expose = clustered.Expose{Type: "ingress", Host: "metrics.example.com"} },
		"a node port":                func(c *prometheusConfig) { c.Expose = clustered.Expose{Type: "node_port", Port: 30090} },
		"any node port":              func(c *prometheusConfig) { c.Expose = clustered.Expose{Type: "node_port"} },
		"a load balancer":            func(c *prometheusConfig) { c.Expose = clustered.Expose{Type: "load_balancer"} },
		"a load balancer's own port": func(c *prometheusConfig) { c.Expose = clustered.Expose{Type: "load_balancer", Port: 80} },
	} {
		want := prometheusService.Default
		want.Expose.Type = "none"
		change(&want)

		values, err := prometheusValues(t.Context(), clustered.Site{Namespace: "ml", Name: "metrics"}, want)
		must(t, err)

		if got := learned(helm.Observed{Values: values}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: learned %+v, want %+v", what, got, want)
		}
	}

	mirrored := clustered.Site{Namespace: "ml", Name: "metrics", Input: flavor.Input{ImageRegistry: "mirror.example.com"}}

	values, err := prometheusValues(t.Context(), mirrored, prometheusService.Default)
	must(t, err)

	if got := learned(helm.Observed{Values: values}); got.Image != "" {
		t.Errorf("the provider's mirror is taken for the user's image %s", got.Image)
	}
}

// Who installed the chart by hand said perhaps nothing about the volume; what it is like decides whether it is replaced.
func TestPrometheus_LearnsTheVolumeOfAReleaseThatSaysNothingOfIt(t *testing.T) {
	t.Parallel()

	claim := clustered.Object("v1", "PersistentVolumeClaim", "ml", "metrics", map[string]any{
		"spec": map[string]any{"storageClassName": "fast", "resources": map[string]any{"requests": map[string]any{"storage": "8Gi"}}},
	})
	chart := upstream
	chart.Version = "1.0.0"

	got := learned(helm.Observed{
		Chart: upstreamName, ChartVersion: chart.Version, Objects: []*unstructured.Unstructured{claim},
	})
	if got.Storage != "8Gi" || got.StorageClass != "fast" || got.Chart != chart {
		t.Errorf("learned %+v", got)
	}

	got = learned(helm.Observed{Chart: "other", ChartVersion: "1.0.0"})
	if got.Storage != standardSize || got.Chart != upstream {
		t.Errorf("of a release without a volume, made from another chart: %+v", got)
	}
}

// learned is what is learned of a release.
func learned(found helm.Observed) prometheusConfig {
	cfg := prometheusService.Default
	prometheusService.Learn(&cfg, found, nil)

	return cfg
}
