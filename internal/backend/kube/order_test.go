package kube

import (
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func named(kind, name string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": kind, "metadata": map[string]any{"name": name, "namespace": "ns"},
	}}
}

func TestOrder_MakesWhatOthersNeedFirst(t *testing.T) {
	t.Parallel()

	given := []*unstructured.Unstructured{
		named("ValidatingWebhookConfiguration", "w"), named("Thing", "t"), named("Deployment", "b"), named("Deployment", "a"),
		named("PersistentVolumeClaim", "p"), named("Secret", "s"), named("Namespace", "n"), named("CustomResourceDefinition", "c"),
		named("ServiceAccount", "sa"), named("Service", "svc"),
	}

	var kinds []string
	for _, object := range inOrder(given) {
		kinds = append(kinds, short(object))
	}

	want := []string{
		"CustomResourceDefinition/c", "Namespace/n", "ServiceAccount/sa", "Secret/s", "PersistentVolumeClaim/p", "Service/svc",
		"Deployment/b", "Deployment/a", "Thing/t", "ValidatingWebhookConfiguration/w",
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("got %q", kinds)
	}

	groups := inReverse(given)
	if len(groups) != 9 || len(groups[2]) != 2 || groups[8][0].GetName() != "c" || given[0].GetName() != "w" {
		t.Errorf("got %v", groups)
	}
}
