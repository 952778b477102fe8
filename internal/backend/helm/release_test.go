package helm

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/loader/archive"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

func TestReal_ReleaseFromInstallToUninstall(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, object{"message": "one", "storage": true, "hooks": true})

	if _, err := b.Observe(t.Context(), r); !errors.Is(err, backend.ErrNotFound) {
		t.Fatalf("before it is installed: got %v", err)
	}

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatalf("uninstall what is not there: %v", err)
	}

	b.converge(t, r)

	observed := b.observe(t, r)
	if observed.Owner.Name != "data" || observed.Owner.Labels["team"] != "a b/c: d" || observed.Chart != "app" ||
		observed.ChartVersion != "1.0.0" || observed.Values["message"] != "one" || len(observed.Drift) > 0 {
		t.Errorf("after it is installed: got %+v", observed)
	}

	deployment, err := b.AppsV1().Deployments(b.space).Get(t.Context(), "web", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}

	if deployment.Status.ReadyReplicas != 1 {
		t.Error("it returned before its pods were ready")
	}

	if !kube.Belongs(deployment.Labels, r.Owner) {
		t.Errorf("the Deployment has the labels %v", deployment.Labels)
	}

	if managers := deployment.ManagedFields; managers[0].Manager != "mlstacks" || managers[0].Operation != "Apply" {
		t.Errorf("it was written by %s with %s", managers[0].Manager, managers[0].Operation)
	}

	b.converge(t, r)
	b.settledAt(t, r, 1)

	r.Values = object{"message": "two", "storage": true, "hooks": true, "extra": true}
	if drift := b.observe(t, r).Drift; !slices.Equal(drift, []string{
		"release web: value extra is not what it should be", "release web: value message is not what it should be",
	}) {
		t.Errorf("with other values: got %q", drift)
	}

	b.converge(t, r)
	b.settledAt(t, r, 2)

	r.Owner.Labels = nil
	b.converge(t, r)
	b.settledAt(t, r, 3)

	r.Values["extra"] = false
	b.converge(t, r)
	b.settledAt(t, r, 4)

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatal(err)
	}

	// The chart wants web-kept to stay, and claims stay unless the caller says otherwise.
	if left := b.left(t); !slices.Equal(left, []string{"Claim/data-web-data-0", "ConfigMap/web-kept"}) {
		t.Errorf("left: %q", left)
	}

	if err := b.Uninstall(t.Context(), r.Name, r.Owner, DeleteClaims()); err != nil {
		t.Fatal(err)
	}

	if left := b.left(t); !slices.Equal(left, []string{"ConfigMap/web-kept"}) {
		t.Errorf("left with claims deleted: %q", left)
	}
}

func TestReal_HandEditsAreSeenAndRepaired(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, nil)
	b.converge(t, r)

	if _, err := b.AppsV1().Deployments(b.space).Patch(t.Context(), "web", types.MergePatchType,
		[]byte(`{"spec": {"replicas": 0}}`), metav1.PatchOptions{FieldManager: "kubectl-edit"}); err != nil {
		t.Fatal(err)
	}

	if err := b.CoreV1().ConfigMaps(b.space).Delete(t.Context(), "web", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}

	drift := b.observe(t, r).Drift
	if len(drift) != 2 || drift[0] != "ConfigMap/web does not exist" ||
		!strings.HasPrefix(drift[1], "Deployment/web: spec.replicas is 0, should be 1") {
		t.Errorf("got %q", drift)
	}

	b.converge(t, r)
	b.settledAt(t, r, 2)
}

func TestReal_UpgradeByHandIsSeenAndRepaired(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, nil)
	b.converge(t, r)

	// What `helm upgrade --set message=foreign` leaves: a record with other values, and objects with Helm's own mark.
	s, err := b.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	records, err := s.records(r.Name)
	if err != nil {
		t.Fatal(err)
	}

	records[0].Config = object{"message": "foreign"}
	if err := s.config.Releases.Update(records[0]); err != nil {
		t.Fatal(err)
	}

	if _, err := b.CoreV1().ConfigMaps(b.space).Patch(t.Context(), "web", types.MergePatchType,
		[]byte(`{"data": {"message": "foreign"}, "metadata": {"labels": {"app.kubernetes.io/managed-by": "Helm"}}}`),
		metav1.PatchOptions{FieldManager: "helm"}); err != nil {
		t.Fatal(err)
	}

	drift := strings.Join(b.observe(t, r).Drift, "\n")
	if !strings.Contains(drift, "value message is not") || !strings.Contains(drift, "ConfigMap/web belongs to somebody else") {
		t.Errorf("got %s", drift)
	}

	b.converge(t, r)
	b.settledAt(t, r, 2)

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatal(err)
	}

	if left := b.left(t); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

func TestReal_WhatIsForeignIsRefused(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, nil)
	b.converge(t, r)

	other := r
	other.Owner = testOwner("data", "two")

	for name, call := range map[string]func() error{
		"converge":  func() error { return b.Converge(t.Context(), other) },
		"uninstall": func() error { return b.Uninstall(t.Context(), other.Name, other.Owner) },
		"observe": func() error {
			_, err := b.Observe(t.Context(), other)

			return err
		},
	} {
		err := call()
		if !errors.Is(err, backend.ErrForeign) {
			t.Errorf("%s: got %v", name, err)

			continue
		}

		for _, want := range []string{`"web"`, b.space, "app-1.0.0", `artifact_store "data"`} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s in it", name, err, want)
			}
		}
	}

	b.settledAt(t, r, 1)

	// An object in the way is found before anything is written.
	other.Name = "web2"
	if _, err := b.CoreV1().ConfigMaps(b.space).Create(t.Context(),
		&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "web2"}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}

	if err := b.Converge(t.Context(), other); !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "ConfigMap/web2") {
		t.Errorf("an object in the way: got %v", err)
	}

	if _, err := b.Observe(t.Context(), other); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("a release that could not be: got %v", err)
	}

	other.Name, other.Adopt = "web", true
	b.converge(t, other)
	b.settledAt(t, other, 2)
}

func TestReal_SeveralReleasesAtOnce(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	ended := make(chan error)

	for _, name := range []string{"one", "two", "three"} {
		r := b.release(t, object{"message": name})
		r.Name, r.Owner = name, testOwner(name, name)

		go func() {
			err := b.Converge(t.Context(), r)
			if err == nil {
				err = b.Uninstall(t.Context(), r.Name, r.Owner)
			}

			ended <- err
		}()
	}

	for range 3 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}

	if left := b.left(t); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

func TestReal_ChartBringsItsKinds(t *testing.T) {
	t.Parallel()

	b := newBench(t)
	r := b.release(t, nil)

	var err error
	if r.Chart, err = Load(t.Context(), Source{Path: "testdata/kinds"}); err != nil {
		t.Fatal(err)
	}

	b.converge(t, r)
	b.settledAt(t, r, 1)
	b.converge(t, r)
	b.settledAt(t, r, 1)

	if err := b.Uninstall(t.Context(), r.Name, r.Owner); err != nil {
		t.Fatal(err)
	}

	s, err := b.begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	crds, err := s.objects(string(r.Chart.files[slices.IndexFunc(r.Chart.files, func(file *archive.BufferedFile) bool {
		return file.Name == "crds/gadget.yaml"
	})].Data))
	if err != nil {
		t.Fatal(err)
	}

	if err := s.cluster.Delete(t.Context(), r.Owner, crds); err != nil {
		t.Fatal(err)
	}

	if _, err := s.cluster.Get(t.Context(), crds[0]); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("the definition is not ours: %v", err)
	}
}
