package kube

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Labels and annotations that say to whom an object belongs.
const (
	LabelManagedBy   = "app.kubernetes.io/managed-by"
	LabelKind        = "mlstacks.io/kind"
	LabelFlavor      = "mlstacks.io/flavor"
	LabelName        = "mlstacks.io/name"
	LabelIncarnation = "mlstacks.io/incarnation"
	// AnnotationLabels holds the user's labels as JSON, because theirs need not be valid for Kubernetes.
	AnnotationLabels = "mlstacks.io/labels"

	labelShared = "mlstacks.io/shared"
)

// Labels are those of every object that belongs to the owner.
func Labels(owner backend.Owner) map[string]string {
	labels := map[string]string{
		LabelManagedBy: Manager,
		LabelKind:      labelValue(owner.Kind),
		LabelFlavor:    labelValue(owner.Flavor),
		LabelName:      labelValue(owner.Name),
	}
	if owner.Incarnation != "" {
		labels[LabelIncarnation] = labelValue(owner.Incarnation)
	}

	return labels
}

// Annotations are those of every object that belongs to the owner; none, where the user has no labels.
func Annotations(owner backend.Owner) map[string]string {
	if len(owner.Labels) == 0 {
		return nil
	}

	text, err := json.Marshal(owner.Labels)
	if err != nil {
		return nil // unreachable: a map of texts
	}

	return map[string]string{AnnotationLabels: string(text)}
}

var notInLabels = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// labelValue keeps what is valid, and makes a valid value with a checksum of what is not.
func labelValue(text string) string {
	if len(validation.IsValidLabelValue(text)) == 0 {
		return text
	}

	sum := sha256.Sum256([]byte(text))
	kept := strings.Trim(notInLabels.ReplaceAllString(text, "-"), "-_.")

	return strings.TrimLeft(kept[:min(len(kept), 50)]+"-"+hex.EncodeToString(sum[:4]), "-_.")
}

// marked is a copy of the object with the owner's marks and without what only a server writes.
func marked(object *unstructured.Unstructured, owner backend.Owner) *unstructured.Unstructured {
	object = bare(object)
	object.SetLabels(with(object.GetLabels(), Labels(owner)))

	if ours := Annotations(owner); ours != nil {
		object.SetAnnotations(with(object.GetAnnotations(), ours))
	}

	return object
}

func bare(object *unstructured.Unstructured) *unstructured.Unstructured {
	object = object.DeepCopy()
	unstructured.RemoveNestedField(object.Object, "status")

	for _, field := range []string{"creationTimestamp", "managedFields", "resourceVersion", "uid", "generation"} {
		unstructured.RemoveNestedField(object.Object, "metadata", field)
	}

	return object
}

func with(base, more map[string]string) map[string]string {
	all := make(map[string]string, len(base)+len(more))
	maps.Copy(all, base)
	maps.Copy(all, more)

	return all
}

// Belongs says that labels are those of what belongs to the owner. Where the incarnations of both are known they decide,
// otherwise the name does; an owner without a name is not known, and may be any.
func Belongs(labels map[string]string, owner backend.Owner) bool {
	want := Labels(owner)
	if labels[LabelManagedBy] != Manager || labels[LabelKind] != want[LabelKind] || labels[LabelFlavor] != want[LabelFlavor] {
		return false
	}

	if labels[LabelIncarnation] != "" && owner.Incarnation != "" {
		return labels[LabelIncarnation] == want[LabelIncarnation]
	}

	return labels[LabelName] == want[LabelName] || owner.Name == ""
}

// OwnerOf reads from its labels to whom something belongs. ours is false for what no component owns.
func OwnerOf(labels map[string]string) (owner backend.Owner, ours bool) {
	return backend.Owner{
		Kind: labels[LabelKind], Flavor: labels[LabelFlavor], Name: labels[LabelName], Incarnation: labels[LabelIncarnation],
	}, labels[LabelManagedBy] == Manager && labels[LabelKind] != ""
}

// foreign is the error for an object that belongs to somebody else, and says to whom.
func foreign(live *unstructured.Unstructured) error {
	return fmt.Errorf("%s %w: %s", where(live), backend.ErrForeign, whose(live))
}

func whose(live metav1.Object) string {
	labels, annotations := live.GetLabels(), live.GetAnnotations()
	by := labels[LabelManagedBy]

	switch {
	case by == Manager && labels[LabelKind] != "":
		return fmt.Sprintf("the %s %q of flavor %s (incarnation %s)",
			labels[LabelKind], labels[LabelName], labels[LabelFlavor], labels[LabelIncarnation])
	case by == Manager && labels[labelShared] != "":
		return "it is shared by components of mlstacks"
	case annotations["meta.helm.sh/release-name"] != "":
		return fmt.Sprintf("the Helm release %q in namespace %q",
			annotations["meta.helm.sh/release-name"], annotations["meta.helm.sh/release-namespace"])
	case len(live.GetOwnerReferences()) > 0:
		owner := live.GetOwnerReferences()[0]

		return owner.Kind + "/" + owner.Name
	case by != "":
		return fmt.Sprintf("%q, as its label %s says", by, LabelManagedBy)
	}

	if managers := managersOf(live); len(managers) > 0 {
		return "it has no label of mlstacks and was written by " + strings.Join(managers, ", ")
	}

	return "it has no label of mlstacks"
}

func managersOf(live metav1.Object) []string {
	var managers []string

	for _, entry := range live.GetManagedFields() {
		if entry.Subresource == "" && !slices.Contains(managers, entry.Manager) {
			managers = append(managers, entry.Manager)
		}
	}

	return managers
}
