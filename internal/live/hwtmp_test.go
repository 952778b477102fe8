package live_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

func TestHwTmp(t *testing.T) {
	t.Parallel()
	images := k3d.Require(t)
	name := k3d.NewName()
	t.Cleanup(func() { _ = backend.Delete(context.Background(), name) })
	_, err := backend.Create(t.Context(), backend.Spec{Name: name, Servers: 1, Image: images.Node, Wait: true, Ports: []backend.Port{{Host: 28080, Node: 30080}}})
	must(t, err)
	w := open(t, name, made(name, images.Node, "ports = [{ node = 30080 }, { host = 28080, node = 30080 }]")+importing(clusterAddress, "k3d/"+name))
	t.Log("import:", w.plan().of(clusterAddress))
	w.apply()
	p := w.plan()
	t.Log("two ports to one node port, after apply:", p.of(clusterAddress), p.text)
	w.write(made(name, images.Node))
	w.apply()
	w.settled()
	w.does("state", "rm", clusterAddress)
	seen, err := backend.Inspect(t.Context(), name)
	must(t, err)
	full := made(name, images.Node, "api_port = "+strconv.Itoa(seen.APIPort))
	w.write(full + importing(clusterAddress, "k3d/"+name))
	t.Log("exact import:", w.plan().of(clusterAddress))
	w.apply()
	w.settled()
	w.write(made(name, images.Node, "api_port = "+strconv.Itoa(seen.APIPort), `k3s_args = ["--disable=traefik"]`))
	p = w.plan()
	t.Log("k3s_args after exact import:", p.of(clusterAddress), p.text)
	w.apply()
	t.Log("and then:", w.plan().of(clusterAddress))
	w.write(made(name, images.Node))
	w.apply()
	t.Log("api_port = 0, then:", w.plan().of(clusterAddress))
	w.write(full)
	t.Log("pinned to what it is:", w.plan().of(clusterAddress))
}
