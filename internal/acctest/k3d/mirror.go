package k3d

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// MirrorHost is what the nodes call a Mirror.
const MirrorHost = "mirror.test"

// Mirror is an image registry on this machine that has local images under the names of published ones, for what is made by
// one apply: its nodes are not there yet when images could be imported into them.
type Mirror struct {
	// Registries is for the cluster's attribute of that name.
	Registries map[string][]string
	// Registry is for the provider's image_registry; empty where published images can be pulled.
	Registry string
}

// NewMirror starts a mirror that ends with the test. images are the published names with the local images to put there;
// where images can be pulled there is nothing to mirror.
func NewMirror(tb testing.TB, images map[string]string) Mirror {
	tb.Helper()

	all := Require(tb)
	if !all.Offline {
		return Mirror{Registries: map[string][]string{}}
	}

	id := run(tb, "run", "--detach", "--publish", "5000", all.Registry)

	tb.Cleanup(func() {
		if output, err := docker(context.Background(), "rm", "--force", "--volumes", id); err != nil {
			tb.Errorf("remove mirror: %v: %s", err, output)
		}
	})

	_, port, _ := strings.Cut(strings.Fields(run(tb, "port", id, "5000/tcp"))[0], ":")

	for published, local := range images {
		pushAs(tb, local, "localhost:"+port+"/"+path(published))
	}

	return Mirror{Registry: MirrorHost, Registries: map[string][]string{MirrorHost: {"http://host.k3d.internal:" + port}}}
}

// path is the name of an image without its registry.
func path(image string) string {
	host, rest, ok := strings.Cut(image, "/")
	if ok && strings.ContainsAny(host, ".:") {
		return rest
	}

	return image
}

// Push puts an image of this machine into a registry under another name.
func Push(tb testing.TB, image, name string) { tb.Helper(); pushAs(tb, image, name) }

func pushAs(tb testing.TB, image, name string) {
	tb.Helper()
	run(tb, "tag", image, name)

	defer func() { _, _ = docker(context.Background(), "rmi", name) }()

	var (
		output string
		err    error
	)

	for range 20 { // a registry that has just been started
		if output, err = docker(tb.Context(), "push", "--quiet", name); err == nil {
			return
		}

		time.Sleep(time.Second / 2)
	}

	tb.Fatalf("push %s: %v: %s", name, err, output)
}

func run(tb testing.TB, arguments ...string) string {
	tb.Helper()

	output, err := docker(tb.Context(), arguments...)
	if err != nil {
		tb.Fatal(fmt.Errorf("docker %s: %w: %s", strings.Join(arguments, " "), err, output))
	}

	return output
}
