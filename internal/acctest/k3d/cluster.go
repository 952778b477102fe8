package k3d

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// Cluster is a running cluster.
type Cluster struct {
	// Name is that of k3d, without its prefix.
	Name string
	// Kubeconfig is a file with full rights in the cluster.
	Kubeconfig string
	// Connection is how the provider refers to the cluster.
	Connection map[string]string

	dir      string
	importer sync.Mutex
	imported []string
}

// NewName makes a name for a cluster that nobody else has, and that scripts/test finds when it cleans up.
func NewName() string {
	prefix := os.Getenv(prefixVariable)
	if prefix == "" {
		prefix = "mlt-"
	}

	return prefix + strings.ToLower(rand.Text()[:8])
}

// Make makes a cluster of one server and writes its kubeconfig into a directory of its own.
func Make(ctx context.Context, name, image string) (*Cluster, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()

	if _, err := k3d.Create(ctx, k3d.Spec{Name: name, Servers: 1, Image: image, Wait: true}); err != nil {
		return nil, err
	}

	c := &Cluster{Name: name, Connection: map[string]string{"type": "k3d", "name": name}}

	kubeconfig, err := k3d.Kubeconfig(ctx, name)
	if err == nil {
		c.dir, err = os.MkdirTemp("", "mlstacks-cluster-")
	}

	if err == nil {
		c.Kubeconfig = filepath.Join(c.dir, "kubeconfig")
		err = os.WriteFile(c.Kubeconfig, kubeconfig, 0o600)
	}

	if err != nil {
		return nil, fmt.Errorf("write the kubeconfig of %q: %w", name, err)
	}

	return c, nil
}

// Remove removes the cluster.
func (c *Cluster) Remove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()

	_ = os.RemoveAll(c.dir)

	return k3d.Delete(ctx, c.Name)
}

// The cluster that the tests of a binary share. It is made by the first test that wants it, and a failure stays one.
var shared struct {
	sync.Mutex
	cluster *Cluster
	err     error
}

// Shared gives the cluster that all tests of this binary share, with the images in it that the test names, or all of them
// when it names none. The binary's TestMain must call Main, which removes the cluster. Each test uses namespaces of its own.
func Shared(tb testing.TB, images ...string) *Cluster {
	tb.Helper()

	all := Require(tb)
	if len(images) == 0 {
		images = all.local()
	}

	shared.Lock()
	if shared.cluster == nil && shared.err == nil {
		// Not the test's context: the cluster outlives it.
		shared.cluster, shared.err = Make(context.Background(), NewName(), all.Node)
	}

	c, err := shared.cluster, shared.err
	shared.Unlock()

	if err != nil {
		tb.Fatal(err)
	}

	c.Import(tb, images...)

	return c
}

// Main runs the tests of a binary and removes the cluster they shared. It does not return.
func Main(m *testing.M) {
	code := m.Run()

	if shared.cluster != nil {
		if err := shared.cluster.Remove(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)

			code = max(code, 1)
		}
	}

	os.Exit(code)
}

// Import gives the cluster's nodes those of the images that they do not have yet. Empty names and published images are left
// to the nodes, which pull them.
func (c *Cluster) Import(tb testing.TB, images ...string) {
	tb.Helper()

	c.importer.Lock()
	defer c.importer.Unlock()

	var missing []string

	for _, image := range images {
		if image != "" && strings.HasPrefix(image, "mlstacks-test/") && !slices.Contains(c.imported, image) {
			missing = append(missing, image)
		}
	}

	if len(missing) == 0 {
		return
	}

	if err := Import(tb.Context(), c.Name, missing...); err != nil {
		tb.Fatal(err)
	}

	c.imported = append(c.imported, missing...)
}
