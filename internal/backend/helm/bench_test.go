package helm

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// kubeconfigVariable names the kubeconfig of a cluster for the tests that begin with TestReal.
const kubeconfigVariable = "MLSTACKS_TEST_KUBECONFIG"

// bench is a namespace of its own in the real cluster.
type bench struct {
	*Client
	kubernetes.Interface
	space string
}

func connect(t *testing.T) *rest.Config {
	t.Helper()

	path := os.Getenv(kubeconfigVariable)
	if path == "" {
		t.Skipf("%s does not name the kubeconfig of a cluster", kubeconfigVariable)
	}

	config, err := kube.FromFile(path, "")
	if err != nil {
		t.Fatal(err)
	}

	return config
}

func newBench(t *testing.T) bench {
	t.Helper()

	config := connect(t)

	set, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}

	space, err := set.CoreV1().Namespaces().Create(t.Context(),
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "helm-test-"}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = set.CoreV1().Namespaces().Delete(context.WithoutCancel(t.Context()), space.Name, metav1.DeleteOptions{})
	})

	client, err := New(config, space.Name)
	if err != nil {
		t.Fatal(err)
	}

	return bench{Client: client, Interface: set, space: space.Name}
}

func (b bench) release(t *testing.T, values object) Release {
	t.Helper()

	return Release{Name: "web", Chart: app(t), Values: values, Owner: testOwner("data", "one"), Timeout: 2 * time.Minute}
}

func (b bench) converge(t *testing.T, r Release) {
	t.Helper()

	if err := b.Converge(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func (b bench) observe(t *testing.T, r Release) Observed {
	t.Helper()

	observed, err := b.Observe(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}

	return observed
}

// settledAt fails the test unless the release is what is wanted.
func (b bench) settledAt(t *testing.T, r Release, revision int) {
	t.Helper()

	observed := b.observe(t, r)
	if len(observed.Drift) > 0 || observed.Status != "deployed" || revision > 0 && observed.Revision != revision {
		t.Errorf("revision %d (want %d) is %s, drift %q", observed.Revision, revision, observed.Status, observed.Drift)
	}
}

// left lists what a namespace holds that Kubernetes does not put into every one.
func (b bench) left(t *testing.T) []string {
	t.Helper()

	var names []string

	maps, err := b.CoreV1().ConfigMaps(b.space).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}

	for _, item := range maps.Items {
		if item.Name != "kube-root-ca.crt" {
			names = append(names, "ConfigMap/"+item.Name)
		}
	}

	secrets, err := b.CoreV1().Secrets(b.space).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}

	for _, item := range secrets.Items {
		names = append(names, "Secret/"+item.Name)
	}

	claims, err := b.CoreV1().PersistentVolumeClaims(b.space).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}

	for _, item := range claims.Items {
		names = append(names, "Claim/"+item.Name)
	}

	for kind, list := range map[string]func() (int, error){
		"Pod": func() (int, error) {
			list, err := b.CoreV1().Pods(b.space).List(t.Context(), metav1.ListOptions{})

			return len(list.Items), err
		},
		"Deployment": func() (int, error) {
			list, err := b.AppsV1().Deployments(b.space).List(t.Context(), metav1.ListOptions{})

			return len(list.Items), err
		},
		"StatefulSet": func() (int, error) {
			list, err := b.AppsV1().StatefulSets(b.space).List(t.Context(), metav1.ListOptions{})

			return len(list.Items), err
		},
		"Service": func() (int, error) {
			list, err := b.CoreV1().Services(b.space).List(t.Context(), metav1.ListOptions{})

			return len(list.Items), err
		},
		"Job": func() (int, error) {
			list, err := b.BatchV1().Jobs(b.space).List(t.Context(), metav1.ListOptions{})

			return len(list.Items), err
		},
	} {
		count, err := list()
		if err != nil {
			t.Fatal(err)
		}

		if count > 0 {
			names = append(names, kind)
		}
	}

	slices.Sort(names)

	return names
}

// await waits until the release has a status.
func (b bench) await(t *testing.T, r Release, status string) {
	t.Helper()

	for range 200 {
		observed, err := b.Observe(t.Context(), Release{Name: r.Name, Owner: r.Owner})
		if err == nil && observed.Status == status {
			return
		}

		time.Sleep(50 * time.Millisecond)
	}

	t.Fatalf("release %s never was %s", r.Name, status)
}
