package kube

import (
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func parsed(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()

	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &object.Object); err != nil {
		t.Fatal(err)
	}

	return object
}

func TestWording_NamesEachFieldAndWhoSetIt(t *testing.T) {
	t.Parallel()

	live := parsed(t, `
kind: Deployment
metadata:
  name: web
  resourceVersion: "7"
  labels: {app.kubernetes.io/name: theirs, kept: "1"}
spec:
  replicas: 0
  paused: true
  template:
    spec:
      containers:
      - {name: main, image: a, args: [x], env: [{name: TOKEN, value: s3cr3t}]}
      - {name: added, image: b, env: [{name: TOKEN, value: s3cr3t}]}
      tolerations: [{operator: Exists}]
status: {replicas: 0}`)
	wanted := parsed(t, `
kind: Deployment
metadata:
  name: web
  labels: {app.kubernetes.io/name: ours, kept: "1"}
spec:
  replicas: 1
  strategy: {type: Recreate}
  template:
    spec:
      containers:
      - {name: main, image: b, args: [x, "y"], env: [{name: TOKEN, value: t0p}]}
      tolerations: [{operator: Equal}]
status: {replicas: 1}`)

	live.SetManagedFields([]metav1.ManagedFieldsEntry{
		{Manager: Manager, Operation: metav1.ManagedFieldsOperationApply, FieldsV1: fields(`{"f:spec":{"f:replicas":{}}}`)},
		{Manager: "kubectl-edit", Operation: metav1.ManagedFieldsOperationUpdate, FieldsV1: fields(
			`{"f:spec":{"f:replicas":{},"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:args":{}}}}}}}`)},
		{Manager: "argocd", Operation: metav1.ManagedFieldsOperationApply, FieldsV1: fields(
			`{"f:metadata":{"f:labels":{"f:app.kubernetes.io/name":{}}}}`)},
	})

	want := []string{
		`Deployment/web: metadata.labels["app.kubernetes.io/name"] is "theirs", should be "ours" (set by argocd)`,
		`Deployment/web: spec.paused is true, should not be set`,
		`Deployment/web: spec.replicas is 0, should be 1 (set by kubectl-edit)`,
		`Deployment/web: spec.strategy is not set, should be {"type":"Recreate"}`,
		`Deployment/web: spec.template.spec.containers[name=added] is something else, should not be set`,
		`Deployment/web: spec.template.spec.containers[name=main].args is ["x"], should be ["x","y"] (set by kubectl-edit)`,
		`Deployment/web: spec.template.spec.containers[name=main].env[name=TOKEN].value differs`,
		`Deployment/web: spec.template.spec.containers[name=main].image is "a", should be "b"`,
		`Deployment/web: spec.template.spec.tolerations[0].operator is "Exists", should be "Equal"`,
	}
	if got := wording(live, wanted); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nshould be\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	if got := wording(live, live.DeepCopy()); len(got) != 0 {
		t.Errorf("an object differs from itself: %q", got)
	}
}

func fields(text string) *metav1.FieldsV1 { return metav1.NewFieldsV1(text) }

func TestWording_HidesSecretsAndLongValues(t *testing.T) {
	t.Parallel()

	live := parsed(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: czNjcjN0, gone: czNjcjN0}}")
	wanted := parsed(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: dDBw}}")

	if got := wording(live, wanted); !slices.Equal(got, []string{"Secret/s: data.a differs", "Secret/s: data.gone differs"}) {
		t.Errorf("got %q", got)
	}

	live = parsed(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: czNjcjN0}}")
	wanted = parsed(t, "{apiVersion: v1, kind: Secret, metadata: {name: s}}")

	if got := wording(live, wanted); !slices.Equal(got, []string{"Secret/s: data differs"}) {
		t.Errorf("got %q", got)
	}

	long := strings.Repeat("x", 200)
	live = parsed(t, "{kind: ConfigMap, metadata: {name: c}, data: {a: "+long+", b: "+long+"}}")
	wanted = parsed(t, "{kind: ConfigMap, metadata: {name: c}, data: {a: y"+long+", b: short}}")

	if got := wording(live, wanted); !slices.Equal(got, []string{
		"ConfigMap/c: data.a differs", `ConfigMap/c: data.b is something else, should be "short"`,
	}) {
		t.Errorf("got %q", got)
	}
}
