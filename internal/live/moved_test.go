package live_test

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/docker/go-connections/nat"
	"github.com/k3d-io/k3d/v5/pkg/client"
	"github.com/k3d-io/k3d/v5/pkg/config/v1alpha5"
	"github.com/k3d-io/k3d/v5/pkg/runtimes"
	"github.com/k3d-io/k3d/v5/pkg/types"
	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/cli"
	"helm.sh/helm/v4/pkg/kube"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

const movedCluster = `
moved {
  from = k3d_cluster.dev
  to   = mlstacks_cluster.dev
}
resource "mlstacks_cluster" "dev" {
  name = "CLUSTER"
  k3d  = { image = "NODE" }
}
`

const movedRelease = `
moved {
  from = helm_release.metrics
  to   = mlstacks_monitoring.metrics
}
resource "mlstacks_monitoring" "metrics" {
  name       = "NAME"
  cluster    = mlstacks_cluster.dev
  prometheus = {
    namespace = "monitoring"
    image     = "IMAGE"
    storage   = "64Mi"
    chart     = { oci = "", version = "", path = "CHART" }
    values    = { extraScrapeConfigs = "" } # Debian's Prometheus finds nothing in Kubernetes
  }
  timeouts = { update = "3m", delete = "2m" }
}
`

// A cluster that was made as pvotal-tech/k3d makes it, and a release in it that was made as hashicorp/helm makes it, change
// hands by two blocks: the nodes and the volume stay what they are.
func TestMoved_ClusterAndReleaseStayWhatTheyAre(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	name := k3d.NewName()

	chart, err := filepath.Abs(filepath.Join("..", "catalog", "monitoring", "testdata", "prometheus"))
	must(t, err)

	w := open(t, "", "")
	byLibrary(t, name, images.Node)

	(&k3d.Cluster{Name: name}).Import(t, images.Prometheus)

	s := enter(t, name)
	node, claim := s.node(), s.installed(chart, images.Prometheus)

	text := func(released string) string {
		return strings.NewReplacer("CLUSTER", name, "NODE", images.Node, "NAME", released, "IMAGE", images.Prometheus, "CHART", chart).Replace(movedCluster + movedRelease)
	}

	w.formerly(name)
	w.write(text("other"))
	w.fails([]string{"plan"}, `Cannot read monitoring "other"`, "What was moved here is called", "Nothing was changed")

	w.write(text("metrics"))

	p := w.plan()
	for _, address := range []string{"mlstacks_cluster.dev", "mlstacks_monitoring.metrics"} {
		if does := p.of(address); does != "update" && does != "nothing" {
			t.Errorf("%s: %s\n%s", address, does, p.text)
		}
	}

	w.apply()
	w.settled()

	if s.node() != node {
		t.Error("the node is another one")
	}

	if s.claim() != claim {
		t.Error("the volume is another one")
	}

	w.destroyForced(text("metrics"))
}

// destroyForced gives up the data and destroys.
func (w *workspace) destroyForced(configuration string) {
	w.t.Helper()
	w.write(strings.Replace(configuration, `storage   = "64Mi"`, `storage = "64Mi", force_destroy = true`, 1))
	w.apply()
	w.destroy()
}

// byLibrary makes a cluster as pvotal-tech/k3d does, which hands its settings to the k3d library.
func byLibrary(t *testing.T, name, image string) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()

	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()

		_ = backend.Delete(ctx, name)
	})

	must(t, client.ClusterRun(ctx, runtimes.Docker, handedOver(t, name, image)))
}

// handedOver is what the library makes of the settings name and image.
func handedOver(t *testing.T, name, image string) *v1alpha5.ClusterConfig {
	t.Helper()

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", ":0")
	must(t, err)

	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	must(t, listener.Close())

	api := nat.PortBinding{HostIP: "0.0.0.0", HostPort: port}
	server := &types.Node{Name: client.GenerateNodeName(name, types.ServerRole, 0), Role: types.ServerRole, Image: image}

	balancer := types.NewLoadbalancer()
	balancer.Node = &types.Node{
		Name: "k3d-" + name + "-serverlb", Role: types.LoadBalancerRole, Image: types.GetLoadbalancerImage(), Networks: []string{"k3d-" + name},
		Ports: nat.PortMap{"6443/tcp": {api}},
	}
	balancer.Config.Ports = map[string][]string{"6443.tcp": {server.Name}}

	return &v1alpha5.ClusterConfig{
		Cluster: types.Cluster{
			Name: name, Network: types.ClusterNetwork{Name: "k3d-" + name}, Nodes: []*types.Node{balancer.Node, server}, ServerLoadBalancer: balancer,
			KubeAPI: &types.ExposureOpts{Host: "0.0.0.0", PortMapping: nat.PortMapping{Port: "6443", Binding: api}},
		},
		ClusterCreateOpts: types.ClusterCreateOpts{WaitForServer: true, GlobalLabels: map[string]string{"app": "k3d"}},
	}
}

// node is the UID of the node.
func (s site) node() string {
	s.t.Helper()

	nodes, err := s.CoreV1().Nodes().List(s.t.Context(), meta.ListOptions{})
	must(s.t, err)

	return string(nodes.Items[0].UID)
}

// claim is the UID of the release's volume claim.
func (s site) claim() string {
	s.t.Helper()

	claim, err := s.CoreV1().PersistentVolumeClaims("monitoring").Get(s.t.Context(), "metrics", meta.GetOptions{})
	must(s.t, err)

	return string(claim.UID)
}

// installed installs a chart as hashicorp/helm does, with Helm's library.
func (s site) installed(chart, image string) string {
	s.t.Helper()

	kubeconfig, err := backend.Kubeconfig(s.t.Context(), s.name)
	must(s.t, err)

	settings := cli.New()
	settings.KubeConfig = filepath.Join(s.t.TempDir(), "kubeconfig")
	must(s.t, os.WriteFile(settings.KubeConfig, kubeconfig, 0o600))

	parsed, err := loader.LoadDir(chart)
	must(s.t, err)

	configuration := action.NewConfiguration()
	must(s.t, configuration.Init(settings.RESTClientGetter(), "monitoring", "secret"))

	repository, tag, _ := strings.Cut(image, ":")
	off := map[string]any{"enabled": false}

	install := action.NewInstall(configuration)
	install.ReleaseName, install.Namespace, install.CreateNamespace = "metrics", "monitoring", true
	install.WaitStrategy = kube.HookOnlyStrategy
	install.ServerSideApply = false // the provider has Helm 3
	_, err = install.Run(parsed, map[string]any{
		"server": map[string]any{
			"fullnameOverride": "metrics", "image": map[string]any{"repository": repository, "tag": tag},
			"persistentVolume": map[string]any{"size": "64Mi"},
		},
		"alertmanager": off, "prometheus-pushgateway": off, "prometheus-node-exporter": off, "kube-state-metrics": off,
	})
	must(s.t, err)

	return s.claim()
}

// formerly gives the workspace the state that the other providers have left, and something in their place: the CLI asks what
// a state names for its schema, and for nothing else.
func (w *workspace) formerly(cluster string) {
	w.t.Helper()

	settings := w.read("cli.tfrc")

	found := regexp.MustCompile(`mlstacks/mlstacks" = "(.+)"`).FindStringSubmatch(settings)
	if found == nil {
		w.t.Fatalf("no plugin in %s", settings)
	}

	type instance struct {
		SchemaVersion int             `json:"schema_version"`
		Attributes    json.RawMessage `json:"attributes"`
	}

	type resource struct {
		Mode      string     `json:"mode"`
		Type      string     `json:"type"`
		Name      string     `json:"name"`
		Provider  string     `json:"provider"`
		Instances []instance `json:"instances"`
	}

	var resources []resource

	for _, former := range []struct{ provider, kind, name, file string }{
		{"pvotal-tech/k3d", "k3d_cluster", "dev", "k3d_cluster.json"}, {"hashicorp/helm", "helm_release", "metrics", "helm_release-v3.json"},
	} {
		text, err := os.ReadFile(filepath.Join("..", "provider", "testdata", "moved", former.file))
		must(w.t, err)

		dir := filepath.Join(w.Dir, "former-"+former.kind)
		_, program, _ := strings.Cut(former.provider, "/")

		must(w.t, os.MkdirAll(dir, 0o755))
		must(w.t, os.Symlink(filepath.Join(found[1], "terraform-provider-mlstacks"), filepath.Join(dir, "terraform-provider-"+program)))

		settings = strings.Replace(settings, "dev_overrides {\n", "dev_overrides {\n    \"registry.terraform.io/"+former.provider+"\" = \""+dir+"\"\n", 1)
		resources = append(resources, resource{
			Mode: "managed", Type: former.kind, Name: former.name, Provider: `provider["registry.terraform.io/` + former.provider + `"]`,
			Instances: []instance{{Attributes: json.RawMessage(strings.ReplaceAll(string(text), `"name": "dev"`, `"name": "`+cluster+`"`))}},
		})
	}

	state, err := json.Marshal(map[string]any{
		"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "00000000-0000-0000-0000-000000000000", "outputs": map[string]any{}, "resources": resources,
	})
	must(w.t, err)
	must(w.t, os.WriteFile(filepath.Join(w.Dir, "terraform.tfstate"), state, 0o600))
	must(w.t, os.WriteFile(filepath.Join(w.Dir, "cli.tfrc"), []byte(settings), 0o644))
}
