package helm

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	helmkube "helm.sh/helm/v4/pkg/kube"
	release "helm.sh/helm/v4/pkg/release/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

const claimKind = "PersistentVolumeClaim"

// claim marks the claims that StatefulSets have made as those of the release, so that they are found when the release
// is gone.
func (s *session) claim(ctx context.Context, r Release, objects []*unstructured.Unstructured) error {
	if !slices.ContainsFunc(objects, isStatefulSet) {
		return nil
	}

	claims, err := s.list(ctx)
	if err != nil {
		return err
	}

	for _, claim := range claims {
		if madeByAny(objects, claim) && !s.ours(r, claim) {
			if err := s.mark(ctx, r, claim); err != nil {
				return err
			}
		}
	}

	return nil
}

// claims are those that outlive a release: made by its StatefulSets, or kept by its chart's wish. Those that could not be
// marked in time are known by the records.
func (s *session) claims(
	ctx context.Context, r Release, records []*release.Release,
) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured

	for _, record := range records {
		more, err := s.objects(record.Manifest)
		if err != nil {
			return nil, err
		}

		objects = append(objects, more...)
	}

	found, err := s.list(ctx)
	if err != nil {
		return nil, err
	}

	return slices.DeleteFunc(found, func(claim *unstructured.Unstructured) bool {
		return !s.ours(r, claim) &&
			(claim.GetLabels()[kube.LabelManagedBy] == kube.Manager || !madeByAny(objects, claim))
	}), nil
}

// unclaim removes claims and waits until they are gone, which is when nothing uses them.
func (s *session) unclaim(ctx context.Context, r Release, claims []*unstructured.Unstructured) error {
	for _, claim := range claims {
		if s.ours(r, claim) {
			continue
		}

		if err := s.mark(ctx, r, claim); err != nil {
			return err
		}
	}

	return s.remove(ctx, r, claims)
}

// ours says that a claim is marked as one of the release.
func (s *session) ours(r Release, claim *unstructured.Unstructured) bool {
	return kube.Belongs(claim.GetLabels(), r.Owner) && ofRelease(claim, r.Name, s.namespace) &&
		(r.Owner.Incarnation == "" || claim.GetLabels()[kube.LabelIncarnation] != "")
}

func (s *session) list(ctx context.Context) ([]*unstructured.Unstructured, error) {
	client, err := dynamic.NewForConfig(s.getter.config)
	if err != nil {
		return nil, fmt.Errorf("list claims: %w", err)
	}

	resource := schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}

	list, err := client.Resource(resource).Namespace(s.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list claims: %w", err)
	}

	claims := make([]*unstructured.Unstructured, len(list.Items))
	for i := range list.Items {
		claims[i] = &list.Items[i]
		claims[i].SetAPIVersion("v1")
		claims[i].SetKind(claimKind)
	}

	return claims, nil
}

func isStatefulSet(object *unstructured.Unstructured) bool {
	return object.GetKind() == "StatefulSet" && object.GroupVersionKind().Group == "apps"
}

func madeByAny(objects []*unstructured.Unstructured, claim *unstructured.Unstructured) bool {
	return slices.ContainsFunc(objects, func(object *unstructured.Unstructured) bool {
		return isStatefulSet(object) && makes(object, claim)
	})
}

// makes says that a StatefulSet makes claims of this name with these labels: <template>-<set>-<number>.
func makes(set, claim *unstructured.Unstructured) bool {
	selector, _, _ := unstructured.NestedStringMap(set.Object, "spec", "selector", "matchLabels")
	if len(selector) == 0 || set.GetNamespace() != claim.GetNamespace() ||
		!labels.SelectorFromSet(selector).Matches(labels.Set(claim.GetLabels())) {
		return false
	}

	templates, _, _ := unstructured.NestedSlice(set.Object, "spec", "volumeClaimTemplates")

	return slices.ContainsFunc(templates, func(template any) bool {
		content, ok := template.(map[string]any)
		if !ok {
			return false
		}

		name, _, _ := unstructured.NestedString(content, "metadata", "name")
		pattern := regexp.MustCompile("^" + regexp.QuoteMeta(name+"-"+set.GetName()) + "-[0-9]+$")

		return pattern.MatchString(claim.GetName())
	})
}

// isKept says that an object outlives its release by the chart's wish.
func isKept(object *unstructured.Unstructured) bool {
	return object.GetAnnotations()[policyAnnotation] == helmkube.KeepPolicy
}
