package live_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

const clusterAddress = "mlstacks_cluster.dev"

// Mistakes that a plan finds: nothing has to run for that, and nothing is looked for.
func TestPlan_RefusesWhatNoClusterCanHave(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("long-", 10) + "name"
	short := "resource \"mlstacks_cluster\" \"dev\" {\n  name = \"dev\"\n  k3d  = {}\n}\n"

	for name, c := range map[string]struct {
		configuration string
		line          string
		says          []string
	}{
		"store without a cluster": {
			"resource \"mlstacks_artifact_store\" \"main\" {\n  name  = \"main\"\n  minio = { bucket = \"models\" }\n}\n",
			"minio = {",
			[]string{"No cluster set", "lives in a Kubernetes cluster", "Set cluster = mlstacks_cluster.<name>"},
		},
		"store with a long name": {
			short + "resource \"mlstacks_artifact_store\" \"main\" {\n  name    = \"" + long + "\"\n  cluster = mlstacks_cluster.dev\n  minio   = { bucket = \"models\" }\n}\n",
			"name    = \"" + long,
			[]string{"Name too long for Kubernetes", long, "54 characters", "may have 45"},
		},
		"store with a name in capitals": {
			short + "resource \"mlstacks_artifact_store\" \"main\" {\n  name    = \"Main\"\n  cluster = mlstacks_cluster.dev\n  minio   = { bucket = \"models\" }\n}\n",
			"name    = \"Main\"",
			[]string{"Name that Kubernetes does not take", `"Main"`},
		},
		"namespace with a long name": {
			short + store("main", strings.Repeat("n", 64), "minio", "") + "\ndata \"mlstacks_cluster\" \"dev\" { name = \"dev\" }\n",
			"namespace = \"nnn",
			[]string{"at most 63"},
		},
		"cluster with a long name": {
			strings.Replace(short, `"dev"
  k3d`, `"`+long+`"
  k3d`, 1),
			`name = "` + long,
			[]string{long, "54 characters", "32"},
		},
		"cluster with a name in capitals": {
			strings.Replace(short, `name = "dev"`, `name = "Dev"`, 1), `name = "Dev"`, []string{`"Dev"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := open(t, "", c.configuration)
			w.dead = true

			output := w.fails([]string{"plan"}, c.says...)
			if !acctest.SaysAll("on main.tf line", c.line).MatchString(output) {
				t.Errorf("it stands on another line than %q:\n%s", c.line, output)
			}
		})
	}
}

func TestPlan_NeedsNoEngineAndApplySaysThatOneIsMissing(t *testing.T) {
	t.Parallel()

	w := open(t, "", `
resource "mlstacks_cluster" "dev" {
  name = "nowhere"
  k3d  = {}
}
resource "mlstacks_artifact_store" "main" {
  name    = "main"
  cluster = mlstacks_cluster.dev
  minio   = { bucket = "models" }
}`)
	w.dead = true

	w.will(w.plan(), map[string]string{clusterAddress: "create", storeAddress: "create"})
	w.fails([]string{"apply", "-auto-approve"}, `Cannot create cluster "nowhere"`, "no-engine.sock, as DOCKER_HOST says", "start Docker")

	if state := w.state(); strings.Contains(state, "nowhere") {
		t.Errorf("the state holds what was not made:\n%s", state)
	}
}

func TestCluster_OfAContextThatDoesNotExistListsThoseThereAre(t *testing.T) {
	t.Parallel()

	kubeconfig := filepath.Join(t.TempDir(), "config")
	must(t, os.WriteFile(kubeconfig, []byte(`
contexts: [{name: staging, context: {clusterAddress: c}}, {name: production, context: {clusterAddress: c}}]
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]`), 0o600))

	w := open(t, "", `
resource "mlstacks_cluster" "shared" {
  name       = "shared"
  kubeconfig = {
    path    = "`+kubeconfig+`"
    context = "prod"
  }
}`)
	output := w.fails([]string{"apply", "-auto-approve"}, `Cannot create cluster "shared"`, `there is no context "prod"`, "it has production, staging")

	if !acctest.SaysAll("on main.tf line", `context = "prod"`).MatchString(output) {
		t.Errorf("it stands on another line:\n%s", output)
	}
}

func TestCluster_OnAPortThatIsTakenNamesIt(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)

	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
	must(t, err)

	defer listener.Close() //nolint:errcheck // nothing depends on it

	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)

	name := k3d.NewName()
	shared := k3d.Shared(t, images.Minio)
	_, theirs, err := net.SplitHostPort(strings.TrimPrefix(enter(t, shared.Name).config.Host, "https://"))
	must(t, err)

	for line, says := range map[string]string{
		"api_port = " + port:                              "the API port: port " + port + "/tcp is in use by another program",
		"ports = [{ host = " + port + ", node = 30080 }]": "the port for node port 30080/tcp: port " + port + "/tcp is in use by another program",
		"registry = { host_port = " + theirs + " }":       "the registry port: port " + theirs + "/tcp is in use by container k3d-" + shared.Name + "-serverlb",
	} {
		w := open(t, "", made(name, images.Node, line))
		w.fails([]string{"apply", "-auto-approve"}, `Cannot create cluster "`+name+`"`, says)

		if strings.Contains(w.state(), `"managed"`) {
			t.Errorf("the state holds what was not made:\n%s", w.state())
		}
	}

	if left := k3d.Leftovers(t, name); len(left) > 0 {
		t.Errorf("a refused cluster has left %v", left)
	}
}

// made is the configuration of a cluster.
func made(name, image string, more ...string) string {
	if image != "" {
		more = append(more, `image = "`+image+`"`)
	}

	return "resource \"mlstacks_cluster\" \"dev\" {\n  name = \"" + name + "\"\n  k3d = {\n    " + strings.Join(more, "\n    ") + "\n  }\n}\n"
}
