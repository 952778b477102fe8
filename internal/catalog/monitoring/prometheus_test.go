package monitoring

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/helm"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// The chart in testdata stands for the upstream one, which tests do not fetch: its values are called the same, and its
// schema refuses what the upstream chart has no use for.
const testChart = "testdata/prometheus"

// packed is the chart as an archive.
func packed(t *testing.T) []byte {
	t.Helper()

	var buffer bytes.Buffer

	zipped := gzip.NewWriter(&buffer)
	writer := tar.NewWriter(zipped)

	root, err := os.OpenRoot("testdata")
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // nothing is written

	err = writer.AddFS(root.FS())
	if err == nil {
		err = writer.Close()
	}

	if err == nil {
		err = zipped.Close()
	}

	if err != nil {
		t.Fatal(err)
	}

	return buffer.Bytes()
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)

	return "sha256:" + hex.EncodeToString(sum[:])
}

// repository serves the chart as a repository over HTTP, and as a registry of OCI.
func repository(t *testing.T) (address, digest string) {
	t.Helper()

	archive := packed(t)
	config := []byte(`{"name":"prometheus","version":"1.0.0","apiVersion":"v2"}`)
	manifest := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",`+
		`"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":%q,"size":%d},`+
		`"layers":[{"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":%q,"size":%d}]}`,
		hash(config), len(config), hash(archive), len(archive))

	serve := func(kind string, content []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Docker-Content-Digest", hash(content))
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		}
	}

	mux := http.NewServeMux()
	mux.HandleFunc("/index.yaml", serve("text/yaml", fmt.Appendf(nil,
		"apiVersion: v1\nentries:\n  prometheus:\n  - {name: prometheus, version: 1.0.0, apiVersion: v2, urls: [prometheus-1.0.0.tgz], digest: %s}\n",
		strings.TrimPrefix(hash(archive), "sha256:"))))
	mux.HandleFunc("/prometheus-1.0.0.tgz", serve("application/gzip", archive))
	mux.HandleFunc("/v2/{$}", serve("application/json", []byte("{}")))
	mux.HandleFunc("/v2/charts/prometheus/manifests/", serve("application/vnd.oci.image.manifest.v1+json", manifest))
	mux.HandleFunc("/v2/charts/prometheus/blobs/"+hash(archive), serve("application/octet-stream", archive))
	mux.HandleFunc("/v2/charts/prometheus/blobs/"+hash(config), serve("application/octet-stream", config))

	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)

	return strings.TrimPrefix(server.URL, "http://"), hash(manifest)
}

func TestPrometheus_ChartComesFromWhereItIsTold(t *testing.T) {
	t.Parallel()

	address, digest := repository(t)

	for what, from := range map[string]chartConfig{
		"path":       {Path: testChart},
		"repository": {Repository: "http://" + address, Version: "1.0.0"},
		"oci":        {OCI: "oci://" + address + "/charts/prometheus", Version: "1.0.0", PlainHTTP: true},
		"digest":     {OCI: "oci://" + address + "/charts/prometheus", Version: "1.0.0", Digest: digest, PlainHTTP: true},
	} {
		if chart, err := helm.Load(t.Context(), from.source()); err != nil || chart.String() != "prometheus-1.0.0" {
			t.Errorf("%s: %v, %v", what, chart, err)
		}
	}

	other := chartConfig{
		OCI: "oci://" + address + "/charts/prometheus", Version: "1.0.0", Digest: "sha256:" + strings.Repeat("0", 64), PlainHTTP: true,
	}
	if _, err := helm.Load(t.Context(), other.source()); err == nil {
		t.Error("a chart with another digest was taken")
	}

	for _, standard := range []chartConfig{{}, upstream, {Digest: "sha256:x"}} {
		if source := standard.source(); source.OCI != upstream.OCI || source.Version != upstream.Version {
			t.Errorf("%+v comes from %+v", standard, source)
		}
	}
}

func TestPrometheus_ValuesAreCheckedAtPlan(t *testing.T) {
	t.Parallel()

	chart, err := helm.Load(t.Context(), chartConfig{Path: testChart}.source())
	if err != nil {
		t.Fatal(err)
	}

	plain := prometheusConfig{Retention: "15d", ScrapeInterval: "30s"}
	plain.Storage = "10Gi"

	all := plain
	all.StorageClass, all.Image, all.ImagePullSecrets = "fast", "mirror.example.com:5000/prometheus:v3", []string{"login"}
	all.Expose = clustered.Expose{Type: "ingress", Host: "metrics.example.com", TLS: "certificate"}

	out := plain
	out.Expose = clustered.Expose{Type: "node_port", Port: 30090}

	for _, cfg := range []prometheusConfig{plain, all, out} {
		values, err := prometheusValues(t.Context(), clustered.Site{Namespace: "ml", Name: "metrics"}, cfg)
		if err != nil {
			t.Fatal(err)
		}

		if problems := chart.Check(values); len(problems) > 0 {
			t.Errorf("%+v: %v", cfg, problems)
		}
	}

	if problems := chart.Check(map[string]any{"server": map[string]any{"service": map[string]any{"servicePort": "eighty"}}}); len(problems) != 1 {
		t.Errorf("problems are %v", problems)
	}
}

func TestPrometheus_ImagesComeFromTheMirror(t *testing.T) {
	t.Parallel()

	site := clustered.Site{Namespace: "ml", Name: "metrics", Input: flavor.Input{ImageRegistry: "mirror.example.com"}}

	values, err := prometheusValues(t.Context(), site, prometheusConfig{})
	if err != nil {
		t.Fatal(err)
	}

	text, err := yaml.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}

	for _, want := range []string{"mirror.example.com/prometheus/prometheus", "mirror.example.com/prometheus-operator/prometheus-config-reloader"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not among %s", want, text)
		}
	}

	for name, want := range map[string]map[string]any{
		"a.example:5000/p":       {"repository": "a.example:5000/p", "tag": "latest", "digest": ""},
		"p:v3":                   {"repository": "p", "tag": "v3", "digest": ""},
		"quay.io/p:v3@sha256:ab": {"repository": "quay.io/p", "tag": "v3", "digest": "sha256:ab"},
	} {
		if got := image(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v", name, got)
		}
	}
}

func TestPrometheus_ScrapesComponentsByTheirLabels(t *testing.T) {
	t.Parallel()

	var jobs []map[string]any
	if err := yaml.UnmarshalStrict([]byte(scrapeConfig), &jobs); err != nil || len(jobs) != 1 {
		t.Fatalf("%v: %s", err, scrapeConfig)
	}

	if strings.Contains(scrapeConfig, "{{") {
		t.Error("the chart would take it for a template")
	}

	for _, part := range []string{"mlstacks_io_kind", "regex: (distribution|minio|mlflow|mysql|postgres);", "/minio/v2/metrics/cluster"} {
		if !strings.Contains(scrapeConfig, part) {
			t.Errorf("there is no %q in\n%s", part, scrapeConfig)
		}
	}
}

func TestPrometheus_AScrapeTakesNoLongerThanTheTimeBetweenTwo(t *testing.T) {
	t.Parallel()

	for between, want := range map[string]any{"5s": "5s", "500ms": "500ms", "10s": nil, "1m": nil, "1d": nil} {
		if got := intervals(between)["scrape_timeout"]; got != want {
			t.Errorf("%s: %v", between, got)
		}
	}
}

func TestPrometheus_RefusesAChartFromTwoPlaces(t *testing.T) {
	t.Parallel()

	for want, chart := range map[int]map[string]any{
		0: {"oci": "oci://a", "path": "", "repository": nil}, 1: {"oci": "oci://a", "path": filepath.Join("a", "b")},
	} {
		if problems := checkChart(flavor.Values{"chart": chart}); len(problems) != want {
			t.Errorf("%v: %v", chart, problems)
		}
	}
}
