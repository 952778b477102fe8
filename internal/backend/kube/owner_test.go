package kube

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

func TestLabels_AreValidWhateverComponentIsCalled(t *testing.T) {
	t.Parallel()

	seen := map[string]string{}

	for _, name := range []string{"store", "Store.1_b", "größe", "a b", "a/b", "-", strings.Repeat("x", 64), strings.Repeat("x", 65), "ünïcödé-"} {
		value := Labels(backend.Owner{Name: name})[LabelName]
		if problems := validation.IsValidLabelValue(value); len(problems) > 0 {
			t.Errorf("%q: %q: %v", name, value, problems)
		}

		if before, taken := seen[value]; taken {
			t.Errorf("%q and %q are both %q", name, before, value)
		}

		seen[value] = name
	}

	if seen["store"] == "" || seen["Store.1_b"] == "" {
		t.Error("a valid name was changed")
	}
}

func TestSame_GoesByIncarnationWhereBothAreKnown(t *testing.T) {
	t.Parallel()

	made := backend.Owner{Kind: "artifact_store", Flavor: "minio", Name: "a", Incarnation: "1"}
	object := &metav1.ObjectMeta{Labels: Labels(made)}

	for _, c := range []struct {
		owner backend.Owner
		want  bool
	}{
		{made, true},
		{backend.Owner{Kind: "artifact_store", Flavor: "minio", Name: "renamed", Incarnation: "1"}, true},
		{backend.Owner{Kind: "artifact_store", Flavor: "minio", Name: "a", Incarnation: "2"}, false},
		{backend.Owner{Kind: "artifact_store", Flavor: "minio", Name: "a"}, true},
		{backend.Owner{Kind: "artifact_store", Flavor: "minio", Name: "b"}, false},
		{backend.Owner{Kind: "artifact_store", Flavor: "minio"}, true},
		{backend.Owner{Kind: "artifact_store", Flavor: "s3", Name: "a", Incarnation: "1"}, false},
	} {
		if got := Belongs(object.GetLabels(), c.owner); got != c.want {
			t.Errorf("%+v: %t", c.owner, got)
		}
	}

	if Belongs(nil, backend.Owner{}) {
		t.Error("an object without labels is anybody's")
	}
}

func TestWhose_NamesOwner(t *testing.T) {
	t.Parallel()

	for want, object := range map[string]*metav1.ObjectMeta{
		`the Helm release "db" in namespace "data"`: {
			Labels:      map[string]string{LabelManagedBy: "Helm"},
			Annotations: map[string]string{"meta.helm.sh/release-name": "db", "meta.helm.sh/release-namespace": "data"},
		},
		`"Flux", as its label app.kubernetes.io/managed-by says`: {Labels: map[string]string{LabelManagedBy: "Flux"}},
		"ReplicaSet/web-1": {OwnerReferences: []metav1.OwnerReference{{Kind: "ReplicaSet", Name: "web-1"}}},
		"it has no label of mlstacks and was written by kubectl-create": {ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl-create"}}},
		"it is shared by components of mlstacks":                        {Labels: map[string]string{LabelManagedBy: Manager, labelShared: "true"}},
		"it has no label of mlstacks":                                   {},
	} {
		if got := whose(object); got != want {
			t.Errorf("%q should be %q", got, want)
		}
	}
}
