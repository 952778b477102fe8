// Package k3d is the gate of the tests that make real k3d clusters, and what they share: names of images, a cluster for
// each test binary, and a look at what is left afterwards. How the images come to be is told in README.md.
package k3d

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Variables that scripts/k3d prints and scripts/test exports.
const (
	// imagesVariable says which images tests use, published or offline. Without it they are skipped.
	imagesVariable = "MLSTACKS_TEST_IMAGES"
	// kubeconfigVariable names the kubeconfig of a cluster that outlives test binaries, for tests of what knows no k3d.
	kubeconfigVariable = "MLSTACKS_TEST_KUBECONFIG"
	// prefixVariable is what the name of every cluster begins with that scripts/test removes when it ends.
	prefixVariable = "MLSTACKS_TEST_CLUSTER_PREFIX"
)

// Images are the container images of a test: those that the provider uses when its user names none, or local ones. Only
// Prometheus, whose chart names its own, may be empty.
type Images struct {
	// Offline says that no image can be pulled: a test may use these images and what it builds of them, nothing else.
	Offline bool
	// Node is the node image of clusters.
	Node string
	// Registry is the image of a registry, the one of busybox has a shell, and Kaniko is its executor.
	Registry, Busybox, Kaniko string
	// Model serves MLflow's scoring protocol on port 8080: /ping, /health and /invocations. MODEL_VERSION comes back in the
	// header X-Model-Version.
	Model string
	// The services, with the settings of the published images. MySQL is MariaDB.
	Minio, MLflow, ZenML, Postgres, MySQL, Prometheus string
}

// Require skips the test unless a Docker engine answers and there are images.
func Require(tb testing.TB) Images {
	tb.Helper()

	mode := os.Getenv(imagesVariable)
	if mode != "offline" && mode != "published" {
		tb.Skip("SKIPPED: " + imagesVariable + " says of no images for k3d clusters; `make test` sets them up where that is possible")
	}

	if err := exec.CommandContext(tb.Context(), "docker", "version").Run(); err != nil {
		tb.Skip("SKIPPED: no Docker engine answers (docker version: " + err.Error() + ")")
	}

	image := func(name string) string { return os.Getenv("MLSTACKS_TEST_" + name + "_IMAGE") }

	return Images{
		Offline:    mode == "offline",
		Node:       image("K3D"),
		Registry:   image("REGISTRY"),
		Busybox:    image("BUSYBOX"),
		Kaniko:     image("KANIKO"),
		Model:      image("MODEL"),
		Minio:      image("MINIO"),
		MLflow:     image("MLFLOW"),
		ZenML:      image("ZENML"),
		Postgres:   image("POSTGRES"),
		MySQL:      image("MYSQL"),
		Prometheus: image("PROMETHEUS"),
	}
}

// local lists the images that no node can pull, as they were built on this machine.
func (i Images) local() []string {
	var names []string

	for _, name := range []string{i.Registry, i.Busybox, i.Kaniko, i.Model, i.Minio, i.MLflow, i.ZenML, i.Postgres, i.MySQL, i.Prometheus} {
		if strings.HasPrefix(name, "mlstacks-test/") {
			names = append(names, name)
		}
	}

	return names
}

// RequireKubeconfig skips the test unless there is a running cluster that test binaries share, and gives its kubeconfig.
// Other tests use it at the same time: everything belongs into a namespace of the test's own.
func RequireKubeconfig(tb testing.TB) string {
	tb.Helper()

	path := os.Getenv(kubeconfigVariable)
	if path == "" {
		tb.Skip("SKIPPED: " + kubeconfigVariable + " names no cluster; `make test` makes one where that is possible")
	}

	return path
}

// docker runs the client and returns what it prints.
func docker(ctx context.Context, arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()

	output, err := exec.CommandContext(ctx, "docker", arguments...).CombinedOutput()

	return strings.TrimSpace(string(output)), err
}
