package live_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// lodged is a configuration whose components live in the cluster that tests share, and that cluster.
type lodged struct {
	*workspace

	dev    site
	opened *kube.Cluster
	images k3d.Images
}

// lodge opens a workspace and the cluster, with the images that are needed there.
func lodge(t *testing.T, images k3d.Images, needed ...string) lodged {
	t.Helper()

	dev := enter(t, k3d.Shared(t, needed...).Name)
	opened, err := kube.New(dev.config)
	must(t, err)

	return lodged{workspace: open(t, dev.name, ""), dev: dev, opened: opened, images: images}
}

// hand gives the CLI variables, as name=value: not in a file, where the search would find them.
func (l lodged) hand(variables ...string) {
	prepare := l.Prepare
	l.Prepare = func(command *exec.Cmd) {
		prepare(command)

		for _, variable := range variables {
			command.Env = append(command.Env, "TF_VAR_"+variable)
		}
	}
}

// imageLine is the line that names an image; empty for the published one.
func imageLine(name string) string {
	if name == "" {
		return ""
	}

	return fmt.Sprintf("image = %q", name)
}

// mysql is the configuration of a database called like its block, in the cluster that lookup finds.
func mysql(name, namespace, image string, more ...string) string {
	return fmt.Sprintf(`
resource "mlstacks_metadata_store" %[1]q {
  name    = %[1]q
  cluster = data.mlstacks_cluster.dev
  mysql   = {
    namespace     = %[2]q
    storage       = "512Mi"
    force_destroy = true
    %[3]s
  }
  timeouts = { create = "3m", update = "2m", delete = "2m" }
}
`, name, namespace, strings.Join(append(more, imageLine(image)), "\n    "))
}

// request asks a server, with a login where there is one.
func request(t *testing.T, method, address, user, password, body string) (status int, text string) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	must(t, err)

	if user != "" {
		req.SetBasicAuth(user, password)
	}

	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}

	resp, err := http.DefaultClient.Do(req)
	must(t, err)

	defer resp.Body.Close() //nolint:errcheck // nothing is written

	all, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	must(t, err)

	return resp.StatusCode, string(all)
}
