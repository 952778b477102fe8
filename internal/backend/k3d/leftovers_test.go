package k3d_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
	"github.com/docker/docker/client"

	acctest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

// killMe makes the test binary create a cluster, to be killed meanwhile.
const killMe = "MLSTACKS_TEST_K3D_CREATE"

func nodeImage(tb testing.TB) string {
	tb.Helper()

	name := os.Getenv("MLSTACKS_TEST_K3D_IMAGE")
	if name == "" {
		tb.Skip("MLSTACKS_TEST_K3D_IMAGE does not name a node image for k3d clusters")
	}

	return name
}

func docker(tb testing.TB) *client.Client {
	tb.Helper()

	api, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	if err != nil {
		tb.Fatal(err)
	}

	tb.Cleanup(func() { _ = api.Close() })

	return api
}

// newName makes a name for a cluster that nobody else has and that scripts/k3d finds, and sees to it that nothing of the
// cluster outlives the test.
func newName(tb testing.TB) string {
	tb.Helper()

	name := acctest.NewName()

	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()

		if err := k3d.Delete(ctx, name); err != nil {
			tb.Error(err)
		}
	})

	return name
}

// kill has another process create a cluster and ends it as soon as reached says so.
func kill(t *testing.T, name string, reached func() error) {
	t.Helper()

	create := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCluster_LivesThroughEverything$")
	create.Env = append(os.Environ(), killMe+"="+name)

	if err := create.Start(); err != nil {
		t.Fatal(err)
	}

	until(t, 3*time.Minute, reached) // images may have to be pulled first

	_ = create.Process.Kill()
	_ = create.Wait()

	time.Sleep(time.Second) // the engine finishes what it was asked for last
}

func (l *lives) killed(t *testing.T) {
	t.Helper()

	kill(t, l.spec.Name, func() error {
		_, err := l.docker.ContainerInspect(t.Context(), "k3d-"+l.spec.Name+"-server-0")

		return err
	})

	seen, err := k3d.Inspect(t.Context(), l.spec.Name)
	if err != nil || seen.Complete || seen.Running || !seen.Ours {
		t.Errorf("after the kill: %+v, %v", seen, err)
	}

	if err := k3d.Start(t.Context(), l.spec.Name); err == nil {
		t.Error("half a cluster was started")
	}
}

func (l *lives) deleted(t *testing.T) {
	t.Helper()

	var anonymous []string

	for _, c := range l.containers(t) {
		for _, mount := range c.Mounts {
			if mount.Name != "" {
				anonymous = append(anonymous, mount.Name)
			}
		}
	}

	l.hushed(t)

	if err := l.docker.ContainerRemove(t.Context(), "k3d-"+l.spec.Name+"-server-0", container.RemoveOptions{Force: true, RemoveVolumes: true}); err != nil {
		t.Fatal(err)
	}

	seen, err := k3d.Inspect(t.Context(), l.spec.Name)
	if err != nil || seen.Complete || seen.Running {
		t.Errorf("half removed: %+v, %v", seen, err)
	}

	for range 2 {
		if err := k3d.Delete(t.Context(), l.spec.Name); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := k3d.Inspect(t.Context(), l.spec.Name); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("removed: %v", err)
	}

	for _, name := range anonymous {
		if _, err := l.docker.VolumeInspect(t.Context(), name); err == nil {
			t.Errorf("volume %s is left", name)
		}
	}

	left(t, l.docker, l.spec.Name)
}

func TestDelete_RemovesWhatAKilledCreationHasLeft(t *testing.T) {
	t.Parallel()
	nodeImage(t)

	api := docker(t)

	for name, reached := range map[string]func(string) error{
		"network": func(name string) error {
			return second(api.NetworkInspect(t.Context(), name, network.InspectOptions{}))
		},
		"volume":   func(name string) error { return second(api.VolumeInspect(t.Context(), name+"-images")) },
		"registry": func(name string) error { return second(api.ContainerInspect(t.Context(), name+"-registry")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			name := newName(t)

			kill(t, name, func() error { return reached("k3d-" + name) })

			if seen, err := k3d.Inspect(t.Context(), name); err != nil || seen.Complete || seen.Running || !seen.Ours {
				t.Errorf("after the kill: %+v, %v", seen, err)
			}

			if err := k3d.Delete(t.Context(), name); err != nil {
				t.Error(err)
			}

			left(t, api, name)
		})
	}
}

func TestCreate_RefusesAClusterOfSomebodyElse(t *testing.T) {
	t.Parallel()

	node, name, api := nodeImage(t), newName(t), docker(t)

	if _, err := api.ImageInspect(t.Context(), node); err != nil {
		stream, err := api.ImagePull(t.Context(), node, image.PullOptions{})
		if err != nil {
			t.Fatal(err)
		}

		_, _ = io.Copy(io.Discard, stream)
		_ = stream.Close()
	}

	made, err := api.ContainerCreate(t.Context(), &container.Config{
		Image: node, Labels: map[string]string{"app": "k3d", "k3d.cluster": name, "k3d.role": "server", "k3d.server.api.port": "7777"},
		Cmd: []string{"server", "--tls-san", "x", "--disable=traefik"},
	}, nil, nil, nil, "k3d-"+name+"-server-0")
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = api.ContainerRemove(context.Background(), made.ID, container.RemoveOptions{Force: true})
	})

	_, err = k3d.Create(t.Context(), k3d.Spec{Name: name, Servers: 1, Image: node})
	if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "k3d/"+name) {
		t.Errorf("says %v", err)
	}

	seen, err := k3d.Inspect(t.Context(), name)
	if err != nil || seen.Ours || seen.APIPort != 7777 || !slices.Equal(seen.K3sArgs, []string{"--disable=traefik"}) {
		t.Errorf("is %+v, %v", seen, err)
	}

	if err := k3d.Delete(t.Context(), name); err != nil {
		t.Error(err)
	}

	left(t, api, name)
}

func TestCreate_NamesTheImageThatCannotBePulled(t *testing.T) {
	t.Parallel()
	nodeImage(t)

	name := newName(t)

	_, err := k3d.Create(t.Context(), k3d.Spec{Name: name, Servers: 1, Image: "localhost:1/no/such:image"})
	if err == nil || !strings.Contains(err.Error(), `"localhost:1/no/such:image"`) || errors.Is(err, backend.ErrUnreachable) {
		t.Errorf("says %v", err)
	}

	left(t, docker(t), name)
}

func TestCreate_LeavesNothingWhenItIsCanceled(t *testing.T) {
	t.Parallel()

	node, name, api := nodeImage(t), newName(t), docker(t)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	go func() {
		for ctx.Err() == nil {
			if _, err := api.ContainerInspect(ctx, "k3d-"+name+"-server-0"); err == nil {
				cancel()
			}

			time.Sleep(50 * time.Millisecond)
		}
	}()

	if _, err := k3d.Create(ctx, k3d.Spec{Name: name, Servers: 1, Image: node}); !errors.Is(err, context.Canceled) {
		t.Errorf("says %v", err)
	}

	left(t, api, name)
}

func (l *lives) containers(t *testing.T) []container.Summary {
	t.Helper()

	list, err := l.docker.ContainerList(t.Context(), container.ListOptions{
		All: true, Filters: filters.NewArgs(filters.Arg("label", "k3d.cluster="+l.spec.Name)),
	})
	if err != nil {
		t.Fatal(err)
	}

	return list
}

// left fails when the engine has anything of a cluster. Names of clusters are random, so that what bears one is no other's.
func left(t *testing.T, api *client.Client, name string) {
	t.Helper()

	named := filters.NewArgs(filters.Arg("name", "^/?k3d-"+regexp.QuoteMeta(name)+"(-|$)"))

	containers, err := api.ContainerList(t.Context(), container.ListOptions{All: true, Filters: named})
	if err != nil || len(containers) > 0 {
		t.Errorf("containers are left: %+v, %v", containers, err)
	}

	networks, err := api.NetworkList(t.Context(), network.ListOptions{Filters: named})
	if err != nil || len(networks) > 0 {
		t.Errorf("networks are left: %+v, %v", networks, err)
	}

	volumes, err := api.VolumeList(t.Context(), volume.ListOptions{Filters: named})
	if err != nil || len(volumes.Volumes) > 0 {
		t.Errorf("volumes are left: %+v, %v", volumes.Volumes, err)
	}
}

func until(t *testing.T, limit time.Duration, check func() error) {
	t.Helper()

	var err error

	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}

	t.Fatal(err)
}
