package live_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// standing is what tells a cluster that stays from another of its name.
const standing = `
output "standing" { value = "${mlstacks_cluster.dev.incarnation} at ${mlstacks_cluster.dev.outputs.api_port}" }
`

func TestCluster_ChangesInPlace(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	name := k3d.NewName()

	t.Cleanup(func() { // whatever the workspace could not
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()

		if err := backend.Delete(ctx, name); err != nil {
			t.Error(err)
		}
	})

	w := open(t, name, made(name, images.Node)+standing)
	untouched := w.kubeconfigs()
	w.apply()
	w.settled()

	volumes := k3d.Volumes(t, name)
	before := w.output("standing")
	incarnation, _, _ := strings.Cut(before, " at ")

	if incarnation == "" || strings.HasSuffix(before, " at 0") {
		t.Fatalf("the cluster is %q", before)
	}

	for _, change := range []struct {
		name, line    string
		agents, ports int
	}{
		{"an agent more", "agents = 1", 1, 0},
		{"an agent less", "agents = 0", 0, 0},
		{"a port more", "ports = [{ node = 30080 }]", 0, 1},
		{"a port less", "ports = []", 0, 0},
	} {
		began := time.Now()

		w.write(made(name, images.Node, change.line) + standing)

		p := w.plan()
		w.will(p, map[string]string{clusterAddress: "update"})

		// Components in the cluster would be replaced if a plan left it open.
		if planned := p.after(clusterAddress, "incarnation"); planned != incarnation {
			t.Errorf("%s: the plan has the incarnation %v", change.name, planned)
		}

		w.apply()
		w.settled()

		if after := w.output("standing"); after != before {
			t.Errorf("%s: %q became %q", change.name, before, after)
		}

		seen, err := backend.Inspect(t.Context(), name)
		must(t, err)

		if seen.Agents != change.agents || len(seen.Ports) != change.ports || !seen.Running {
			t.Errorf("%s: the cluster is %+v", change.name, seen)
		}

		nodes, err := enter(t, name).CoreV1().Nodes().List(t.Context(), meta.ListOptions{})
		must(t, err)

		if len(nodes.Items) != 1+change.agents {
			t.Errorf("%s: Kubernetes has %d nodes", change.name, len(nodes.Items))
		}

		t.Logf("%s: %.0f s", change.name, time.Since(began).Seconds())
	}

	for reason, configuration := range map[string]string{
		"k3d.image changes, and the nodes are made of it":                     made(name, "rancher/k3s:v1.0.0"),
		"k3d.k3s_args changes, and k3s reads them when a node is made":        made(name, images.Node, `k3s_args = ["--disable=traefik"]`),
		"k3d.api_port changes, and it is part of the certificates and of the": made(name, images.Node, "api_port = 19999"),
	} {
		w.write(configuration + standing)

		p := w.plan()
		w.will(p, map[string]string{clusterAddress: "delete create"})

		if !acctest.SaysAll("Warning: Cluster will be replaced", reason, "Keep the former value").MatchString(p.text) {
			t.Errorf("the plan does not say %q:\n%s", reason, p.text)
		}
	}

	w.write(made(name, images.Node) + standing)
	w.settled()
	w.destroy()
	untouched()

	if left := k3d.Leftovers(t, name, volumes...); len(left) > 0 {
		t.Errorf("destroy left %v", left)
	}
}

// kubeconfigs gives the provider two kubeconfigs of somebody else, and returns a check that they stay what they are.
func (w *workspace) kubeconfigs() func() {
	w.t.Helper()

	const text = "# kept by hand\ncurrent-context: mine\ncontexts: [{name: mine, context: {cluster: mine}}]\n" +
		"clusters: [{name: mine, cluster: {server: \"https://127.0.0.1:1\"}}]"

	named, standard := filepath.Join(w.Dir, "named", "config"), filepath.Join(w.Dir, ".kube", "config") // the CLI's HOME is there
	prepare := w.Prepare
	w.Prepare = func(command *exec.Cmd) {
		prepare(command)

		command.Env = append(command.Env, "KUBECONFIG="+named)
	}

	for _, file := range []string{named, standard} {
		must(w.t, os.Mkdir(filepath.Dir(file), 0o700))
		must(w.t, os.WriteFile(file, []byte(text), 0o600))
	}

	return func() {
		w.t.Helper()

		for _, file := range []string{named, standard} {
			if found := w.read(strings.TrimPrefix(file, w.Dir)); found != text {
				w.t.Errorf("%s is now\n%s", file, found)
			}

			entries, err := os.ReadDir(filepath.Dir(file))
			must(w.t, err)

			if len(entries) != 1 {
				w.t.Errorf("beside %s there are now %v", file, entries)
			}
		}
	}
}

// after is an attribute of a resource as it is planned.
func (p plan) after(address, attribute string) any {
	for _, change := range p.Changes {
		if change.Address == address {
			return change.Change.After[attribute]
		}
	}

	return nil
}

// ways are three into one cluster.
const ways = `
resource "mlstacks_cluster" "dev" {
  name       = "shared"
  kubeconfig = {
    path    = %[1]q
    context = %[2]q
  }
}

data "mlstacks_cluster" "given" {
  name    = "given"
  path    = %[1]q
  context = %[2]q
}

data "mlstacks_cluster" "standard" {
  name    = "standard"
  context = %[2]q
}

output "incarnations" {
  value = join(" ", [
    mlstacks_cluster.dev.incarnation, data.mlstacks_cluster.given.incarnation, data.mlstacks_cluster.standard.incarnation,
  ])
}

output "references" {
  value = jsonencode({
    resource = mlstacks_cluster.dev.reference
    given    = data.mlstacks_cluster.given.reference
    standard = data.mlstacks_cluster.standard.reference
  })
}
`

func TestKubeconfig_IsAWayIntoAClusterThatStays(t *testing.T) {
	t.Parallel()

	dev, images := common(t)
	file := k3d.Shared(t, images.Minio).Kubeconfig
	text, err := os.ReadFile(file)
	must(t, err)

	config, err := clientcmd.Load(text)
	must(t, err)

	before, err := backend.Inspect(t.Context(), dev.name)
	must(t, err)

	configuration := func(way string) string {
		return fmt.Sprintf(ways, file, config.CurrentContext) + strings.ReplaceAll(store("main", "entered", images.Minio), "data."+clusterAddress, way)
	}
	w := open(t, dev.name, configuration(clusterAddress))

	// The search for secrets leaves links alone.
	must(t, os.Mkdir(filepath.Join(w.Dir, ".kube"), 0o700))
	must(t, os.Symlink(file, filepath.Join(w.Dir, ".kube", "config")))

	w.apply()
	w.settled()

	if found := dev.buckets("entered"); found != "models" {
		t.Errorf("in the cluster there are the buckets %q", found)
	}

	if got, want := w.output("incarnations"), strings.TrimSpace(strings.Repeat(before.Incarnation+" ", 3)); got != want {
		t.Errorf("the incarnations are %q, should be %q", got, want)
	}

	var references map[string]map[string]string

	must(t, json.Unmarshal([]byte(w.output("references")), &references))

	if want := map[string]map[string]string{
		"resource": {"type": "kubeconfig", "name": "shared", "path": file, "context": config.CurrentContext},
		"given":    {"type": "kubeconfig", "name": "given", "path": file, "context": config.CurrentContext},
		"standard": {"type": "kubeconfig", "name": "standard", "path": "~/.kube/config", "context": config.CurrentContext},
	}; !reflect.DeepEqual(references, want) {
		t.Errorf("the references are %v, should be %v", references, want)
	}

	// It is one cluster, by whatever way: what lives in it stays.
	w.write(configuration("data.mlstacks_cluster.standard"))

	p := w.plan()
	w.will(p, map[string]string{clusterAddress: "nothing", storeAddress: "update"})
	w.apply()
	w.settled()

	w.destroy()
	dev.gone("entered")

	after, err := backend.Inspect(t.Context(), dev.name)
	must(t, err)

	if !reflect.DeepEqual(before, after) {
		t.Errorf("the cluster was %+v and is %+v", before, after)
	}

	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, text) {
		t.Errorf("the kubeconfig has changed, or more: %v", err)
	}
}
