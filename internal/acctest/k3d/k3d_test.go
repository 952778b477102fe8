package k3d_test

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
)

func TestMain(m *testing.M) { k3d.Main(m) }

// waitForDatabase runs in MLflow's pod, which has no shell of PostgreSQL: without a database MLflow would end and be
// restarted later and later.
const waitForDatabase = `import socket, time
while True:
    try:
        socket.create_connection(("postgres", 5432), 2).close()
        break
    except OSError:
        time.sleep(0.5)
`

func TestImages_RunAsPodsAndWork(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	if !images.Offline {
		t.Skip("SKIPPED: the published images are others' to test; MLSTACKS_TEST_IMAGES=offline builds ours")
	}

	cluster := k3d.Shared(t)
	node := "k3d-" + cluster.Name + "-server-0"

	read := func(name string) string {
		t.Helper()

		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}

		return string(data)
	}
	kubectl := func(input string, arguments ...string) (string, error) {
		command := exec.CommandContext(t.Context(), "docker", append([]string{"exec", "--interactive", node, "kubectl"}, arguments...)...)
		command.Stdin = strings.NewReader(input)
		output, err := command.CombinedOutput()

		return string(output), err
	}
	must := func(input string, arguments ...string) {
		t.Helper()

		if output, err := kubectl(input, arguments...); err != nil {
			state, _ := kubectl("", "-n", "images", "get", "pods,persistentvolumeclaims")
			events, _ := kubectl("", "-n", "images", "get", "events", "--field-selector", "type=Warning")
			t.Fatalf("kubectl %s: %v: %s\n%s\n%s", strings.Join(arguments, " "), err, output, state, events)
		}
	}

	manifests := strings.NewReplacer(
		"$BUSYBOX", images.Busybox, "$KANIKO", images.Kaniko, "$MINIO", images.Minio, "$MLFLOW", images.MLflow, "$MODEL", images.Model,
		"$MYSQL\n", images.MySQL+"\n", "$POSTGRES", images.Postgres, "$PROMETHEUS", images.Prometheus, "$REGISTRY", images.Registry,
		"$WAIT_FOR_DATABASE", strconv.Quote(waitForDatabase),
	).Replace(read("services.yaml"))
	must(manifests, "apply", "-f", "-")
	must("", "-n", "images", "wait", "--for=condition=Ready", "--timeout=180s",
		"pod/minio", "pod/mlflow", "pod/model", "pod/mysql", "pod/postgres", "pod/prometheus", "pod/registry", "pod/busybox")
	must("", "-n", "images", "wait", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=120s", "pod/kaniko")
	must(read("check.py"), "-n", "images", "exec", "-i", "mlflow", "-c", "mlflow", "--", "python3", "-")
	must("", "-n", "images", "exec", "busybox", "--", "timeout", "5", "wget", "-q", "-O", "-", "http://model.images:8080/ping")

	// The directories of claims are removed with them.
	must("", "delete", "namespace", "images", "--timeout=60s")
	must("", "wait", "--for=delete", "persistentvolumes", "--all", "--timeout=60s")

	if output, err := exec.CommandContext(t.Context(), "docker", "exec", node, "ls", "/var/lib/rancher/k3s/storage").CombinedOutput(); err != nil || len(output) > 0 {
		t.Errorf("ls of the node's storage = %q, %v; want nothing", output, err)
	}
}
