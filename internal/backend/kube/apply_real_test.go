package kube_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

func TestCluster_AppliesWaitsSeesDriftRepairsAndDeletes(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 3*time.Minute)
	objects := r.objects(t, deploymentText("$IMAGE")+"\n---\n"+serviceText+"\n---\n"+namespaceText)

	if err := r.Apply(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	if err := r.Wait(ctx, objects); err != nil {
		t.Fatal(err)
	}

	r.expectDrift(t, objects)

	deployments := r.client.AppsV1().Deployments(r.namespace)
	edit := `{"spec":{"replicas":0,"template":{"spec":{"containers":[{"name":"main","env":[{"name":"WORD","value":"other"}]}]}}}}`

	_, err := deployments.Patch(ctx, "web", types.StrategicMergePatchType, []byte(edit), metav1.PatchOptions{FieldManager: "kubectl-edit"})
	if err != nil {
		t.Fatal(err)
	}

	if err := r.client.CoreV1().Services(r.namespace).Delete(ctx, "web", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}

	r.expectDrift(t, objects,
		`Deployment/web: spec.replicas is 0, should be 1 (set by kubectl-edit)`,
		`Deployment/web: spec.template.spec.containers[name=main].env[name=WORD].value differs (set by kubectl-edit)`,
		`Service/web does not exist`)

	var conflict *kube.ConflictError

	err = r.Apply(ctx, r.owner, objects)
	contains(t, err, "Deployment/web in namespace "+r.namespace, `spec.replicas was set by field manager "kubectl-edit"`)

	if !errors.As(err, &conflict) || len(conflict.Fields) != 2 {
		t.Errorf("conflict is %v", conflict)
	}

	if err := r.Repair(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	if err := r.Wait(ctx, objects); err != nil {
		t.Fatal(err)
	}

	r.expectDrift(t, objects)

	began := time.Now()

	for range 2 { // gone already is fine
		if err := r.Delete(ctx, r.owner, objects); err != nil {
			t.Fatal(err)
		}
	}

	t.Logf("report: deleted in %s", time.Since(began).Round(time.Millisecond))

	if _, err := r.Get(ctx, objects[2]); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("namespace is still there: %v", err)
	}
}

func (r rig) expectDrift(t *testing.T, objects []*unstructured.Unstructured, want ...string) {
	t.Helper()

	began := time.Now()

	lines, err := r.Drift(t.Context(), r.owner, objects)
	if err != nil {
		t.Fatal(err)
	}

	t.Logf("report: drift of %d objects seen in %s", len(objects), time.Since(began).Round(time.Millisecond))

	if !slices.Equal(lines, want) {
		t.Errorf("drift is\n%s\nshould be\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestCluster_LeavesWhatBelongsToOthers(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, time.Minute)
	r.makeNamespace(t)

	theirs := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "theirs"}, Data: map[string]string{"a": "a"}}
	if _, err := r.client.CoreV1().ConfigMaps(r.namespace).Create(ctx, theirs, metav1.CreateOptions{FieldManager: "kubectl-create"}); err != nil {
		t.Fatal(err)
	}

	objects := r.objects(t, `
apiVersion: v1
kind: ConfigMap
metadata: {name: a-first, namespace: $NS}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: theirs, namespace: $NS}
data: {a: b}`)

	err := r.Apply(ctx, r.owner, objects)
	if contains(t, err, "ConfigMap/theirs", "kubectl-create"); !errors.Is(err, backend.ErrForeign) {
		t.Errorf("%v is not ErrForeign", err)
	}

	if _, err := r.Get(ctx, objects[0]); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("something was made before the conflict was seen: %v", err)
	}

	if err := r.Delete(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	if _, err := r.Get(ctx, objects[1]); err != nil {
		t.Errorf("somebody else's object is gone: %v", err)
	}

	err = r.Delete(ctx, r.owner, r.objects(t, namespaceText))
	if contains(t, err, "Namespace/"+r.namespace, "ConfigMap/theirs"); !errors.Is(err, backend.ErrHoldsData) {
		t.Errorf("%v is not ErrHoldsData", err)
	}

	other := r.owner
	other.Name, other.Incarnation = "second", ""
	contains(t, r.Apply(ctx, other, r.objects(t, namespaceText)), `the artifact_store "artifacts" of flavor minio`)

	if err := r.Delete(ctx, r.owner, r.objects(t, namespaceText), kube.WithContents()); err != nil {
		t.Fatal(err)
	}
}

func TestCluster_AppliesCustomResourceWithItsDefinition(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, time.Minute)
	text := strings.ReplaceAll(`
apiVersion: GROUP/v1
kind: Thing
metadata: {name: one, namespace: $NS}
spec: {size: 1}
---
apiVersion: v1
kind: Namespace
metadata: {name: $NS}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.GROUP}
spec:
  group: GROUP
  scope: Namespaced
  names: {kind: Thing, plural: things, singular: thing}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}`,
		"GROUP", r.namespace+".example.com")
	objects := r.objects(t, text)

	t.Cleanup(func() {
		if err := r.Delete(within(t, time.Minute), r.owner, objects, kube.WithContents()); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})

	lines, err := r.Drift(ctx, r.owner, objects)
	if err != nil || len(lines) != 3 {
		t.Errorf("before: %q, %v", lines, err)
	}

	contains(t, r.Apply(ctx, r.owner, objects[:1]), "the cluster has no kind Thing")

	for range 2 {
		if err := r.Apply(ctx, r.owner, objects); err != nil {
			t.Fatal(err)
		}
	}

	if err := r.Wait(ctx, objects); err != nil {
		t.Fatal(err)
	}

	r.expectDrift(t, objects)

	another := r.owner
	another.Name, another.Incarnation = "another", ""
	others := r.objects(t, strings.Split(strings.Replace(text, "name: one", "name: two", 1), "\n---\n")[0])

	if err := r.Apply(ctx, another, others); err != nil {
		t.Fatal(err)
	}

	err = r.Delete(ctx, r.owner, objects[2:])
	if contains(t, err, "Thing/two in "+r.namespace); !errors.Is(err, backend.ErrHoldsData) {
		t.Errorf("%v is not ErrHoldsData", err)
	}

	if err := r.Delete(ctx, another, others); err != nil {
		t.Fatal(err)
	}

	if err := r.Delete(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	if err := r.Delete(ctx, r.owner, objects); err != nil {
		t.Errorf("without the kind: %v", err)
	}
}

func TestCluster_ForwardsToPodBehindService(t *testing.T) {
	t.Parallel()

	r, ctx := realCluster(t), within(t, 2*time.Minute)
	objects := r.objects(t, namespaceText+"\n---\n"+deploymentText("$IMAGE")+"\n---\n"+serviceText)

	if err := r.Apply(ctx, r.owner, objects); err != nil {
		t.Fatal(err)
	}

	address, stop, err := r.Forward(ctx, r.namespace, "web", 80)
	if err != nil {
		t.Fatal(err)
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/index.html", nil)
	if err != nil {
		t.Fatal(err)
	}

	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}

	defer response.Body.Close() //nolint:errcheck // read only

	if body, err := io.ReadAll(response.Body); err != nil || string(body) != "hello\n" {
		t.Errorf("got %q, %v", body, err)
	}

	stop()

	if response, err := client.Do(request); err == nil {
		_ = response.Body.Close()

		t.Error("the port is still open")
	}

	_, _, err = r.Forward(ctx, r.namespace, "web", 81)
	contains(t, err, "Service/web", "no port 81")
}

func TestCluster_KnowsItself(t *testing.T) {
	t.Parallel()

	r := realCluster(t)

	incarnation, version, err := r.Identity(t.Context())
	if err != nil || len(incarnation) != 36 || !strings.HasPrefix(version, "v1.") {
		t.Errorf("got %q, %q, %v", incarnation, version, err)
	}
}
