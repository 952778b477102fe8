package helm

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

func TestReal_AnImageThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, object{"image": "registry.invalid/none:1"})
	r.Timeout = 40 * time.Second

	err := b.Converge(t.Context(), r)
	if err == nil {
		t.Fatal("no error")
	}

	t.Log(err)

	for _, want := range []string{"registry.invalid/none:1", "web-", "app-1.0.0", b.space} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it", err, want)
		}
	}

	served := func(want bool) {
		t.Helper()

		if served, err := b.Served(t.Context(), r.Name); err != nil || served != want {
			t.Errorf("Served = %v, %v; want %v", served, err, want)
		}
	}

	served(false)

	r.Values, r.Timeout = nil, time.Minute
	b.converge(t, r)
	b.settledAt(t, r, 2)
	served(true)

	r.Values, r.Timeout = object{"image": "registry.invalid/none:1"}, 40*time.Second
	if err := b.Converge(t.Context(), r); err == nil {
		t.Error("no error")
	}

	served(true)
}

func TestReal_AHooksImageThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, object{"image": "registry.invalid/none:1", "hooks": true})
	r.Timeout = 25 * time.Second

	err := b.Converge(t.Context(), r)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}

	for _, want := range []string{"registry.invalid/none:1", "web-pre-install"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s in it", err, want)
		}
	}
}

func TestReal_NamespaceHasToExist(t *testing.T) {
	t.Parallel()

	client, err := New(connect(t), "helm-test-none")
	if err != nil {
		t.Fatal(err)
	}

	err = client.Converge(t.Context(), Release{Name: "web", Chart: app(t), Owner: testOwner("data", "one")})
	if err == nil || !strings.Contains(err.Error(), `namespaces "helm-test-none" not found`) {
		t.Errorf("got %v", err)
	}
}

func TestReal_ClusterThatDoesNotAnswerIsNamed(t *testing.T) {
	t.Parallel()

	client, err := New(&rest.Config{Host: "https://127.0.0.1:1"}, "none")
	if err != nil {
		t.Fatal(err)
	}

	r := Release{Name: "web", Chart: app(t), Owner: testOwner("data", "one")}
	if err := client.Converge(t.Context(), r); !errors.Is(err, backend.ErrUnreachable) {
		t.Errorf("converge: got %v", err)
	}

	if _, err := client.Observe(t.Context(), r); !errors.Is(err, backend.ErrUnreachable) {
		t.Errorf("observe: got %v", err)
	}
}

func TestReal_FailedRevisionsLeaveNothing(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, object{"fail": true, "hooks": true})

	for range 2 {
		if err := b.Converge(t.Context(), r); err == nil || !strings.Contains(err.Error(), "Service") {
			t.Fatalf("a Service without a valid port: got %v", err)
		}
	}

	if observed := b.observe(t, r); observed.Status != "failed" || len(observed.Drift) == 0 {
		t.Errorf("got %s, drift %q", observed.Status, observed.Drift)
	}

	if left := b.left(t); !slices.Contains(left, "ConfigMap/web-partial") {
		t.Errorf("nothing was applied: %q", left)
	}

	r.Values = object{"extra": true}
	b.converge(t, r)
	b.settledAt(t, r, 0)

	if left := b.left(t); slices.Contains(left, "ConfigMap/web-partial") || slices.Contains(left, "Job") {
		t.Errorf("left after the repair: %q", left)
	}

	r.Values = object{"fail": true, "extra": true}
	if err := b.Converge(t.Context(), r); err == nil {
		t.Error("no error")
	}

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatal(err)
	}

	if left := b.left(t); !slices.Equal(left, []string{"ConfigMap/web-kept"}) {
		t.Errorf("left: %q", left)
	}
}

func TestReal_CancelStopsAndIsRepaired(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, object{"hooks": true, "hookSeconds": 60})

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)

	go func() { ended <- b.Converge(ctx, r) }()

	b.await(t, r, "pending-install")
	cancel()

	began := time.Now()

	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}

	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s to stop", took)
	}

	r.Values = object{"hooks": true}
	b.converge(t, r)
	b.settledAt(t, r, 0)
}

func TestReal_ARemovalThatIsStuckSaysWhyAndGoesOn(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, nil)
	b.converge(t, r)

	patch := func(finalizers string) {
		_, err := b.CoreV1().ConfigMaps(b.space).Patch(t.Context(), "web", types.MergePatchType,
			[]byte(`{"metadata": {"finalizers": `+finalizers+`}}`), metav1.PatchOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			t.Fatal(err)
		}
	}

	patch(`["test.mlstacks.io/stays"]`)

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	if err := b.Uninstall(ctx, r.Name, r.Owner); err == nil || !strings.Contains(err.Error(), "test.mlstacks.io/stays") {
		t.Errorf("got %v", err)
	}

	if observed := b.observe(t, r); observed.Status != "uninstalling" || len(observed.Drift) == 0 {
		t.Errorf("got %s, drift %q", observed.Status, observed.Drift)
	}

	patch("null")

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatal(err)
	}

	if left := b.left(t); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}
