package k3d_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

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
		Servers: 1, Image: nodeImage(t), Wait: true, Registry: &k3d.Registry{},
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

	l.spec.Name = newName(t)

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

	if seen.RegistryHost != fmt.Sprintf("localhost:%d", seen.Registry.HostPort) || seen.RegistryCluster != "k3d-"+l.spec.Name+"-registry:5000" {
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
	if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "k3d/"+l.spec.Name) {
		t.Errorf("says %v", err)
	}

	other := k3d.Spec{Name: newName(t), Servers: 1, Image: l.spec.Image, APIPort: l.seen.APIPort}

	_, err = k3d.Create(t.Context(), other)
	if err == nil || !strings.Contains(err.Error(), `k3d cluster "`+l.spec.Name+`"`) || !strings.Contains(err.Error(), fmt.Sprint(l.seen.APIPort)) {
		t.Errorf("of a port in use it says %v", err)
	}

	if _, err := k3d.Inspect(t.Context(), other.Name); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("a refused cluster left something: %v", err)
	}
}

func (l *lives) kube(t *testing.T) *kubernetes.Clientset {
	t.Helper()

	config, err := k3d.RESTConfig(t.Context(), l.spec.Name)
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
		ObjectMeta: meta.ObjectMeta{Name: "dns"},
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

	name := l.seen.RegistryHost + "/test/box:1"

	if err := l.docker.ImageTag(t.Context(), os.Getenv("MLSTACKS_TEST_BUSYBOX_IMAGE"), name); err != nil {
		t.Skip("MLSTACKS_TEST_BUSYBOX_IMAGE names no image to push: ", err)
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

	for pod, image := range map[string]string{"host": name, "cluster": l.seen.RegistryCluster + "/test/box:1"} {
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

	if _, err := k3d.Update(t.Context(), l.seen.Spec, taken); err == nil || !strings.Contains(err.Error(), "in use by container k3d-"+l.spec.Name+"-serverlb") {
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

	seen, err := k3d.Inspect(t.Context(), l.spec.Name)
	if err != nil || seen.Running || seen.Incarnation != "" || !seen.Complete || seen.APIPort != l.seen.APIPort {
		t.Errorf("stopped: %+v, %v", seen, err)
	}

	if _, err := k3d.RESTConfig(t.Context(), l.spec.Name); !errors.Is(err, backend.ErrStopped) {
		t.Errorf("the stopped cluster's API: %v", err)
	}

	if err := k3d.Start(t.Context(), l.spec.Name); err != nil {
		t.Fatal(err)
	}

	again, err := k3d.Inspect(t.Context(), l.spec.Name)
	if err != nil || !reflect.DeepEqual(again, l.seen) {
		t.Errorf("%+v started as %+v, %v", l.seen, again, err)
	}
}

// mended begins with what is left of a load balancer's change, and then with its loss.
func (l *lives) mended(t *testing.T) {
	t.Helper()

	if err := l.docker.ContainerRename(t.Context(), "k3d-"+l.spec.Name+"-serverlb", "k3d-"+l.spec.Name+"-serverlb-old"); err != nil {
		t.Fatal(err)
	}

	if err := k3d.Start(t.Context(), l.spec.Name); err != nil {
		t.Fatal(err)
	}

	l.update(t, func(*k3d.Spec) {})
	l.reach(t, l.seen.Ports[0].Host)

	if err := l.docker.ContainerRemove(t.Context(), "k3d-"+l.spec.Name+"-serverlb", container.RemoveOptions{Force: true}); err != nil {
		t.Fatal(err)
	}

	seen, err := k3d.Inspect(t.Context(), l.spec.Name)
	if err != nil || seen.Running || len(seen.Ports) != 0 || seen.APIPort != l.seen.APIPort {
		t.Errorf("without load balancer: %+v, %v", seen, err)
	}

	l.update(t, func(*k3d.Spec) {})
	l.reach(t, l.seen.Ports[0].Host)
}

// hushed looks for the cluster's secrets in what was logged.
func (l *lives) hushed(t *testing.T) {
	t.Helper()

	config, err := k3d.RESTConfig(t.Context(), l.spec.Name)
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
