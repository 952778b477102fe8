//go:build unix

package live_test

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	backend "github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// lives is a cluster with a store in it, both made by one configuration.
type lives struct {
	*workspace

	name   string
	images k3d.Images
}

// These faults take a cluster each, or follow from one another on the same: so they do.
func TestCluster_OutlivesWhateverHappensToIt(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	name := k3d.NewName()
	l := lives{name: name, images: images, workspace: open(t, name, made(name, images.Node)+inside(images.Minio))}

	t.Cleanup(func() { // whatever the workspace could not
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()

		if err := backend.Delete(ctx, name); err != nil {
			t.Error(err)
		}
	})

	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"killed while it is made", l.killedInTheMaking},
		{"without an engine the state is kept", l.withoutEngine},
		{"stopped", l.stopped},
		{"deleted and replaced by hand", l.replaced},
		{"killed while it is destroyed", l.killedInDestruction},
	} {
		began := time.Now()

		if !t.Run(step.name, l.on(step.do)) {
			t.FailNow()
		}

		t.Logf("%s: %.0f s", step.name, time.Since(began).Seconds())
	}
}

// on has a step report to its own test.
func (l *lives) on(step func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()

		outer := l.t
		l.t = t

		defer func() { l.t = outer }()

		step(t)
	}
}

// inside is a store in the cluster that made makes.
func inside(image string) string {
	return strings.ReplaceAll(store("main", "mlstacks", image), "data."+clusterAddress, clusterAddress)
}

// docker runs the Docker client.
func docker(t *testing.T, arguments ...string) string {
	t.Helper()

	output, err := exec.CommandContext(t.Context(), "docker", arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", strings.Join(arguments, " "), err, output)
	}

	return strings.TrimSpace(string(output))
}

func (l *lives) containers(t *testing.T) []string {
	t.Helper()

	return strings.Fields(docker(t, "ps", "--all", "--quiet", "--filter", "label=k3d.cluster="+l.name))
}

// fill brings the image of the store into the nodes.
func (l *lives) fill(t *testing.T) {
	t.Helper()

	if strings.HasPrefix(l.images.Minio, "mlstacks-test/") {
		must(t, k3d.Import(t.Context(), l.name, l.images.Minio))
	}
}

func (l *lives) killedInTheMaking(t *testing.T) {
	t.Helper()

	l.killed(everything, "a container is there", func() bool { return len(l.containers(t)) > 0 },
		"apply", "-auto-approve", "-target="+clusterAddress)

	if left := k3d.Leftovers(t, l.name); len(left) == 0 {
		t.Error("nothing was left half-made: the kill came too early to prove anything")
	}

	if strings.Contains(l.state(), l.name) {
		t.Log("the state knows the half-made cluster")
	}

	l.does("apply", "-auto-approve", "-target="+clusterAddress)
	l.fill(t)
	l.apply()
	l.settled()
}

func (l *lives) withoutEngine(t *testing.T) {
	t.Helper()

	before := l.state()
	l.dead = true
	l.fails([]string{"plan"}, `Cannot read cluster "`+l.name+`"`, "no-engine.sock, as DOCKER_HOST says", "start Docker")
	l.fails([]string{"apply", "-auto-approve", "-refresh-only"}, `Cannot read`, "start Docker")
	l.dead = false

	if l.state() != before {
		t.Errorf("the state has changed from\n%s\nto\n%s", before, l.state())
	}
}

func (l *lives) stopped(t *testing.T) {
	t.Helper()

	docker(t, append([]string{"stop", "--time=1"}, l.containers(t)...)...)

	p := l.plan()
	l.will(p, map[string]string{clusterAddress: "update", storeAddress: "nothing"})

	if said := p.drift(clusterAddress); !strings.Contains(said, "is stopped") {
		t.Errorf("drift says %q", said)
	}

	if outputs := p.before(clusterAddress, "outputs"); outputs["running"] != "false" {
		t.Errorf("outputs are %v", outputs)
	}

	l.apply()
	l.settled()
}

// replaced deletes the cluster, and then makes another of its name.
func (l *lives) replaced(t *testing.T) {
	t.Helper()

	volumes := k3d.Volumes(t, l.name)
	docker(t, append([]string{"rm", "--force", "--volumes"}, l.containers(t)...)...)
	must(t, backend.Delete(t.Context(), l.name)) // network and volume

	if left := k3d.Leftovers(t, l.name, volumes...); len(left) > 0 {
		t.Errorf("what was deleted by hand has left %v", left)
	}

	l.will(l.plan(), map[string]string{clusterAddress: "create", storeAddress: "create"})

	_, err := backend.Create(t.Context(), backend.Spec{Name: l.name, Servers: 1, Image: l.images.Node, Wait: true})
	must(t, err)
	l.fill(t)

	l.will(l.plan(), map[string]string{clusterAddress: "nothing", storeAddress: "delete create"})
	l.apply()
	l.settled()
}

func (l *lives) killedInDestruction(t *testing.T) {
	t.Helper()

	volumes := k3d.Volumes(t, l.name)
	before := len(l.containers(t))

	l.killed(everything, "a container is gone", func() bool { return len(l.containers(t)) < before },
		"destroy", "-auto-approve")
	l.destroy()

	if left := k3d.Leftovers(t, l.name, volumes...); len(left) > 0 {
		t.Errorf("the cluster has left %v", left)
	}

	if strings.Contains(l.state(), `"managed"`) {
		t.Errorf("the state still holds something:\n%s", l.state())
	}
}
