package k3d_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/network"
	"github.com/docker/docker/api/types/volume"
	"github.com/docker/docker/client"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"

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

// lives is the one cluster of these tests, as it was last seen.
type lives struct {
	docker *client.Client
	spec   k3d.Spec
	seen   k3d.Observed

	saidMutex sync.Mutex
	said      strings.Builder
}

func TestCluster_LivesThroughEverything(t *testing.T) {
	t.Parallel()

	l := &lives{docker: docker(t), spec: k3d.Spec{
		Name: "hk", Servers: 1, Image: nodeImage(t), Wait: true, Registry: &k3d.Registry{},
		Ports: []k3d.Port{{Node: 30080}}, K3sArgs: []string{"--disable=metrics-server"}, Labels: map[string]string{"team": "ml=a, b"},
	}}

	if name := os.Getenv(killMe); name != "" {
		l.spec.Name = name
		_, _ = k3d.Create(t.Context(), l.spec)

		return
	}

	k3d.SetLog(func(message string) {
		l.saidMutex.Lock()
		defer l.saidMutex.Unlock()

		l.said.WriteString(message + "\n")
	})

	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()

		if err := k3d.Delete(ctx, "hk"); err != nil {
			t.Error(err)
		}
	})

	for _, step := range []struct {
		name string
		do   func(*testing.T)
	}{
		{"a killed creation is seen", l.killed},
		{"and made anew", l.created},
		{"a second one is refused", l.refused},
		{"ports lead to services", l.serves},
		{"images have one name", l.pulls},
		{"ports come and go, the API keeps its own", l.ports},
		{"agents come and go", l.agents},
		{"a stopped one starts", l.restarted},
		{"a half changed one is mended", l.mended},
		{"removal is finished and leaves nothing", l.deleted},
	} {
		start := time.Now()

		if !t.Run(step.name, step.do) {
			t.FailNow()
		}

		t.Logf("report: %s: %.1f s", step.name, time.Since(start).Seconds())
	}
}

func (l *lives) killed(t *testing.T) {
	t.Helper()

	kill(t, "hk", func() error {
		_, err := l.docker.ContainerInspect(t.Context(), "k3d-hk-server-0")

		return err
	})

	seen, err := k3d.Inspect(t.Context(), "hk")
	if err != nil || seen.Complete || seen.Running || !seen.Ours {
		t.Errorf("after the kill: %+v, %v", seen, err)
	}

	if err := k3d.Start(t.Context(), "hk"); err == nil {
		t.Error("half a cluster was started")
	}
}

// kill has another process create a cluster and ends it as soon as reached says so.
func kill(t *testing.T, name string, reached func() error) {
	t.Helper()

	create := exec.CommandContext(t.Context(), os.Args[0], "-test.run=TestCluster_LivesThroughEverything")
	create.Env = append(os.Environ(), killMe+"="+name)

	if err := create.Start(); err != nil {
		t.Fatal(err)
	}

	until(t, 30*time.Second, reached)

	_ = create.Process.Kill()
	_ = create.Wait()

	time.Sleep(time.Second) // the engine finishes what it was asked for last
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

			name := "hk-killed-" + name

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

func (l *lives) created(t *testing.T) {
	t.Helper()

	seen, err := k3d.Create(t.Context(), l.spec)
	if err != nil {
		t.Fatal(err)
	}

	want := l.spec
	want.APIPort, want.Registry, want.Ports = seen.APIPort, seen.Registry, []k3d.Port{{seen.Ports[0].Host, 30080, "tcp"}}

	if !reflect.DeepEqual(seen.Spec, want) || seen.APIPort == 0 || seen.Registry.HostPort == 0 || seen.Ports[0].Host == 0 {
		t.Errorf("made %+v of %+v", seen.Spec, l.spec)
	}

	if !seen.Ours || !seen.Complete || !seen.Running || seen.Incarnation == "" || !strings.HasPrefix(seen.Version, "v1.") || seen.Problem != "" {
		t.Errorf("is %+v", seen)
	}

	if seen.RegistryHost != fmt.Sprintf("localhost:%d", seen.Registry.HostPort) || seen.RegistryCluster != "k3d-hk-registry:5000" {
		t.Errorf("registry is %s, %s", seen.RegistryHost, seen.RegistryCluster)
	}

	for _, c := range l.containers(t) {
		if c.Labels["app.kubernetes.io/managed-by"] != "mlstacks" || c.Labels["mlstacks.io/label.team"] != "ml=a, b" {
			t.Errorf("labels of %v are %v", c.Names, c.Labels)
		}
	}

	l.seen = seen
}

func (l *lives) refused(t *testing.T) {
	t.Helper()

	_, err := k3d.Create(t.Context(), l.spec)
	if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "k3d/hk") {
		t.Errorf("says %v", err)
	}

	other := k3d.Spec{Name: "hk-two", Servers: 1, Image: l.spec.Image, APIPort: l.seen.APIPort}

	_, err = k3d.Create(t.Context(), other)
	if err == nil || !strings.Contains(err.Error(), `k3d cluster "hk"`) || !strings.Contains(err.Error(), fmt.Sprint(l.seen.APIPort)) {
		t.Errorf("of a port in use it says %v", err)
	}

	if _, err := k3d.Inspect(t.Context(), "hk-two"); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("a refused cluster left something: %v", err)
	}
}

func (l *lives) kube(t *testing.T) *kubernetes.Clientset {
	t.Helper()

	config, err := k3d.RESTConfig(t.Context(), "hk")
	if err != nil {
		t.Fatal(err)
	}

	kube, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}

	return kube
}

// serves has the cluster's DNS as a service for others.
func (l *lives) serves(t *testing.T) {
	t.Helper()

	_, err := l.kube(t).CoreV1().Services("kube-system").Create(t.Context(), &core.Service{
		ObjectMeta: meta.ObjectMeta{Name: "hk"},
		Spec: core.ServiceSpec{
			Type: core.ServiceTypeNodePort, Selector: map[string]string{"k8s-app": "kube-dns"},
			Ports: []core.ServicePort{{Port: 53, TargetPort: intstr.FromInt32(53), NodePort: 30080}},
		},
	}, meta.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}

	l.reach(t, l.seen.Ports[0].Host)
}

func (l *lives) reach(t *testing.T, port int) {
	t.Helper()

	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", fmt.Sprintf("localhost:%d", port))
	}}

	until(t, 90*time.Second, func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()

		addresses, err := resolver.LookupHost(ctx, "kubernetes.default.svc.cluster.local.")
		if err == nil && !slices.Equal(addresses, []string{"10.43.0.1"}) {
			err = fmt.Errorf("resolved to %v", addresses)
		}

		return err
	})
}

func (l *lives) pulls(t *testing.T) {
	t.Helper()

	name := l.seen.RegistryHost + "/hk/box:1"

	if err := l.docker.ImageTag(t.Context(), "busybox:latest", name); err != nil {
		t.Skip("no image busybox to push: ", err)
	}

	t.Cleanup(func() {
		_, _ = l.docker.ImageRemove(context.Background(), name, image.RemoveOptions{})
	})

	stream, err := l.docker.ImagePush(t.Context(), name, image.PushOptions{RegistryAuth: "e30="})
	if err != nil {
		t.Fatal(err)
	}

	said, err := io.ReadAll(stream)
	if err != nil || strings.Contains(string(said), `"error"`) {
		t.Fatalf("push: %v %s", err, said)
	}

	kube := l.kube(t)

	for pod, image := range map[string]string{"host": name, "cluster": l.seen.RegistryCluster + "/hk/box:1"} {
		_, err = kube.CoreV1().Pods("default").Create(t.Context(), &core.Pod{
			ObjectMeta: meta.ObjectMeta{Name: pod},
			Spec: core.PodSpec{Containers: []core.Container{{
				Name: "box", Image: image, Command: []string{"sleep", "600"}, ImagePullPolicy: core.PullAlways,
			}}},
		}, meta.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}

		until(t, 90*time.Second, func() error {
			pod, err := kube.CoreV1().Pods("default").Get(t.Context(), pod, meta.GetOptions{})
			if err == nil && pod.Status.Phase != core.PodRunning {
				err = fmt.Errorf("%+v", pod.Status)
			}

			return err
		})

		if err := kube.CoreV1().Pods("default").Delete(t.Context(), pod, meta.DeleteOptions{GracePeriodSeconds: new(int64)}); err != nil {
			t.Error(err)
		}
	}
}

func (l *lives) update(t *testing.T, change func(*k3d.Spec)) {
	t.Helper()

	was := l.seen.Spec
	change(&l.spec)

	seen, err := k3d.Update(t.Context(), was, l.spec)
	if err != nil {
		t.Fatal(err)
	}

	if seen.APIPort != l.seen.APIPort || *seen.Registry != *l.seen.Registry || seen.Incarnation != l.seen.Incarnation ||
		!seen.Running || len(seen.Ports) != len(l.spec.Ports) || seen.Agents != l.spec.Agents {
		t.Fatalf("%+v became %+v", l.seen, seen)
	}

	l.seen = seen
}

func (l *lives) ports(t *testing.T) {
	t.Helper()

	first := l.seen.Ports[0]

	l.update(t, func(s *k3d.Spec) {
		s.Ports = append(s.Ports, k3d.Port{Node: 30080}, k3d.Port{Node: 53, Protocol: "udp"})
	})

	if !slices.Contains(l.seen.Ports, first) {
		t.Errorf("%v was not kept in %v", first, l.seen.Ports)
	}

	for _, port := range l.seen.Ports {
		if port.Node == 30080 {
			l.reach(t, port.Host)
		}
	}

	before := l.containers(t)

	l.update(t, func(*k3d.Spec) {})

	if after := l.containers(t); len(before) != len(after) || before[0].ID != after[0].ID {
		t.Error("an update without a change touched containers")
	}

	l.update(t, func(s *k3d.Spec) { s.Ports = s.Ports[:1] })

	if !slices.Equal(l.seen.Ports, []k3d.Port{first}) {
		t.Errorf("%v is left, should be %v", l.seen.Ports, first)
	}

	l.reach(t, first.Host)

	taken := l.spec
	taken.Ports = []k3d.Port{{Host: l.seen.APIPort, Node: 1234}}

	if _, err := k3d.Update(t.Context(), l.seen.Spec, taken); err == nil || !strings.Contains(err.Error(), "in use by container k3d-hk-serverlb") {
		t.Errorf("of a port in use it says %v", err)
	}
}

func (l *lives) agents(t *testing.T) {
	t.Helper()

	l.update(t, func(s *k3d.Spec) { s.Agents = 1 })
	l.update(t, func(s *k3d.Spec) { s.Agents = 0 })

	nodes, err := l.kube(t).CoreV1().Nodes().List(t.Context(), meta.ListOptions{})
	if err != nil || len(nodes.Items) != 1 {
		t.Errorf("%d nodes, %v", len(nodes.Items), err)
	}
}

func (l *lives) restarted(t *testing.T) {
	t.Helper()

	for _, c := range l.containers(t) {
		if err := l.docker.ContainerStop(t.Context(), c.ID, container.StopOptions{Timeout: new(int)}); err != nil {
			t.Fatal(err)
		}
	}

	seen, err := k3d.Inspect(t.Context(), "hk")
	if err != nil || seen.Running || seen.Incarnation != "" || !seen.Complete || seen.APIPort != l.seen.APIPort {
		t.Errorf("stopped: %+v, %v", seen, err)
	}

	if _, err := k3d.RESTConfig(t.Context(), "hk"); !errors.Is(err, backend.ErrStopped) {
		t.Errorf("the stopped cluster's API: %v", err)
	}

	if err := k3d.Start(t.Context(), "hk"); err != nil {
		t.Fatal(err)
	}

	again, err := k3d.Inspect(t.Context(), "hk")
	if err != nil || !reflect.DeepEqual(again, l.seen) {
		t.Errorf("%+v started as %+v, %v", l.seen, again, err)
	}
}

// mended begins with what is left of a load balancer's change, and then with its loss.
func (l *lives) mended(t *testing.T) {
	t.Helper()

	if err := l.docker.ContainerRename(t.Context(), "k3d-hk-serverlb", "k3d-hk-serverlb-old"); err != nil {
		t.Fatal(err)
	}

	if err := k3d.Start(t.Context(), "hk"); err != nil {
		t.Fatal(err)
	}

	l.update(t, func(*k3d.Spec) {})
	l.reach(t, l.seen.Ports[0].Host)

	if err := l.docker.ContainerRemove(t.Context(), "k3d-hk-serverlb", container.RemoveOptions{Force: true}); err != nil {
		t.Fatal(err)
	}

	seen, err := k3d.Inspect(t.Context(), "hk")
	if err != nil || seen.Running || len(seen.Ports) != 0 || seen.APIPort != l.seen.APIPort {
		t.Errorf("without load balancer: %+v, %v", seen, err)
	}

	l.update(t, func(*k3d.Spec) {})
	l.reach(t, l.seen.Ports[0].Host)
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

	if err := l.docker.ContainerRemove(t.Context(), "k3d-hk-server-0", container.RemoveOptions{Force: true, RemoveVolumes: true}); err != nil {
		t.Fatal(err)
	}

	seen, err := k3d.Inspect(t.Context(), "hk")
	if err != nil || seen.Complete || seen.Running {
		t.Errorf("half removed: %+v, %v", seen, err)
	}

	for range 2 {
		if err := k3d.Delete(t.Context(), "hk"); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := k3d.Inspect(t.Context(), "hk"); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("removed: %v", err)
	}

	for _, name := range anonymous {
		if _, err := l.docker.VolumeInspect(t.Context(), name); err == nil {
			t.Errorf("volume %s is left", name)
		}
	}

	left(t, l.docker, "hk")
}

// hushed looks for the cluster's secrets in what was logged.
func (l *lives) hushed(t *testing.T) {
	t.Helper()

	config, err := k3d.RESTConfig(t.Context(), "hk")
	if err != nil {
		t.Fatal(err)
	}

	l.saidMutex.Lock()
	defer l.saidMutex.Unlock()

	if said := l.said.String(); said == "" || strings.Contains(said, l.containers(t)[0].Labels["k3d.cluster.token"]) ||
		strings.Contains(said, string(config.KeyData)) || strings.Contains(said, "BEGIN ") {
		t.Errorf("logged nothing, or a secret:\n%s", said)
	}
}

func (l *lives) containers(t *testing.T) []container.Summary {
	t.Helper()

	list, err := l.docker.ContainerList(t.Context(), container.ListOptions{
		All: true, Filters: filters.NewArgs(filters.Arg("label", "k3d.cluster=hk")),
	})
	if err != nil {
		t.Fatal(err)
	}

	return list
}

// left fails when the engine has anything whose name begins like that of a cluster.
func left(t *testing.T, api *client.Client, name string) {
	t.Helper()

	named := filters.NewArgs(filters.Arg("name", "^/?k3d-"+name+"($|-)"))

	containers, err := api.ContainerList(t.Context(), container.ListOptions{All: true, Filters: named})
	if err != nil || len(containers) > 0 {
		t.Errorf("containers are left: %+v, %v", containers, err)
	}

	networks, err := api.NetworkList(t.Context(), network.ListOptions{Filters: named})
	if err != nil || len(networks) > 0 {
		t.Errorf("networks are left: %+v, %v", networks, err)
	}

	volumes, err := api.VolumeList(t.Context(), volume.ListOptions{Filters: filters.NewArgs(filters.Arg("name", "k3d-"+name+"-images"))})
	if err != nil || len(volumes.Volumes) > 0 {
		t.Errorf("volumes are left: %+v, %v", volumes.Volumes, err)
	}
}

func TestCreate_RefusesAClusterOfSomebodyElse(t *testing.T) {
	t.Parallel()

	name, api := nodeImage(t), docker(t)

	made, err := api.ContainerCreate(t.Context(), &container.Config{
		Image: name, Labels: map[string]string{"app": "k3d", "k3d.cluster": "hk-foreign", "k3d.role": "server", "k3d.server.api.port": "7777"},
		Cmd: []string{"server", "--tls-san", "x", "--disable=traefik"},
	}, nil, nil, nil, "k3d-hk-foreign-server-0")
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = api.ContainerRemove(context.Background(), made.ID, container.RemoveOptions{Force: true})
	})

	_, err = k3d.Create(t.Context(), k3d.Spec{Name: "hk-foreign", Servers: 1, Image: name})
	if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "k3d/hk-foreign") {
		t.Errorf("says %v", err)
	}

	seen, err := k3d.Inspect(t.Context(), "hk-foreign")
	if err != nil || seen.Ours || seen.APIPort != 7777 || !slices.Equal(seen.K3sArgs, []string{"--disable=traefik"}) {
		t.Errorf("is %+v, %v", seen, err)
	}

	if err := k3d.Delete(t.Context(), "hk-foreign"); err != nil {
		t.Error(err)
	}

	left(t, api, "hk-foreign")
}

func TestCreate_NamesTheImageThatCannotBePulled(t *testing.T) {
	t.Parallel()
	nodeImage(t)

	_, err := k3d.Create(t.Context(), k3d.Spec{Name: "hk-image", Servers: 1, Image: "localhost:1/no/such:image"})
	if err == nil || !strings.Contains(err.Error(), `"localhost:1/no/such:image"`) || errors.Is(err, backend.ErrUnreachable) {
		t.Errorf("says %v", err)
	}

	left(t, docker(t), "hk-image")
}

func TestCreate_LeavesNothingWhenItIsCanceled(t *testing.T) {
	t.Parallel()

	name, api := nodeImage(t), docker(t)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	go func() {
		for ctx.Err() == nil {
			if _, err := api.ContainerInspect(ctx, "k3d-hk-cancel-server-0"); err == nil {
				cancel()
			}

			time.Sleep(50 * time.Millisecond)
		}
	}()

	if _, err := k3d.Create(ctx, k3d.Spec{Name: "hk-cancel", Servers: 1, Image: name}); !errors.Is(err, context.Canceled) {
		t.Errorf("says %v", err)
	}

	left(t, api, "hk-cancel")
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
