package cluster_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
)

func TestOpen_SaysWhatIsWrongWithReference(t *testing.T) {
	t.Parallel()

	const kubeconfig = `
contexts: [{name: a, context: {cluster: c}}]
clusters: [{name: c, cluster: {server: "https://c.example"}}]`

	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}

	for says, reference := range map[string]map[string]string{
		`type ""`:                          nil,
		"there is one into eks, k3d, kube": {"type": "gke"},
		`no context "b"; it has a`:         {"type": cluster.TypeKubeconfig, "path": path, "context": "b"},
		"no such file or directory":        {"type": cluster.TypeKubeconfig, "path": path + "x"},
		"none is current; it has a":        {"type": cluster.TypeKubeconfig, "path": path},
	} {
		if _, err := cluster.Open(t.Context(), nil, reference); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v", reference, err)
		}
	}

	for _, key := range []string{"context", "name"} {
		opened, err := cluster.Open(t.Context(), nil, map[string]string{"type": cluster.TypeKubeconfig, "path": path, key: "a"})
		if err != nil || opened.REST().Host != "https://c.example" {
			t.Errorf("%s: %v", key, err)
		}
	}
}
