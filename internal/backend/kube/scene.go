package kube

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// scenes keeps what was read for one round of looking.
type scenes struct {
	cluster *Cluster
	known   map[string]*scene
}

// scene is what may explain why something in a namespace is not ready. What may not be read explains nothing.
type scene struct {
	cluster *Cluster
	pods    []corev1.Pod
	claims  []corev1.PersistentVolumeClaim
	// events are by the object they are about, oldest first.
	events map[types.UID][]corev1.Event
}

func (s scenes) of(ctx context.Context, namespace string) *scene {
	if sc, ok := s.known[namespace]; ok {
		return sc
	}

	sc := &scene{cluster: s.cluster, events: map[types.UID][]corev1.Event{}}
	s.known[namespace] = sc

	if namespace == "" {
		return sc
	}

	core := s.cluster.core

	if pods, err := core.Pods(namespace).List(ctx, metav1.ListOptions{}); err == nil {
		sc.pods = pods.Items
	}

	if claims, err := core.PersistentVolumeClaims(namespace).List(ctx, metav1.ListOptions{}); err == nil {
		sc.claims = claims.Items
	}

	if events, err := core.Events(namespace).List(ctx, metav1.ListOptions{}); err == nil {
		slices.SortStableFunc(events.Items, func(a, b corev1.Event) int { return cmp.Compare(stamp(a), stamp(b)) })

		for _, event := range events.Items {
			sc.events[event.InvolvedObject.UID] = append(sc.events[event.InvolvedObject.UID], event)
		}
	}

	return sc
}

func stamp(event corev1.Event) int64 {
	latest := max(event.LastTimestamp.UnixNano(), event.EventTime.UnixNano(), event.CreationTimestamp.UnixNano())
	if event.Series != nil {
		latest = max(latest, event.Series.LastObservedTime.UnixNano())
	}

	return latest
}

// troubles says what keeps a live object from being ready.
func (s *scene) troubles(ctx context.Context, live *unstructured.Unstructured) []trouble {
	if live.GetKind() == kindClaim {
		for _, claim := range s.claims {
			if claim.Name == live.GetName() {
				return s.claimTroubles(ctx, claim)
			}
		}

		return nil
	}

	all := s.makerTroubles(live)
	claims := map[string]bool{}

	for _, pod := range s.podsOf(ctx, live) {
		all = append(all, podTroubles(pod, s.events[pod.UID])...)

		for _, volume := range pod.Spec.Volumes {
			if volume.PersistentVolumeClaim != nil {
				claims[volume.PersistentVolumeClaim.ClaimName] = true
			}
		}
	}

	for _, claim := range s.claims {
		if claims[claim.Name] && claim.Status.Phase != corev1.ClaimBound {
			for _, t := range s.claimTroubles(ctx, claim) {
				t.key = claim.Name + " " + t.key
				t.text = "PersistentVolumeClaim/" + claim.Name + " " + t.text
				all = append(all, t)
			}
		}
	}

	// What is about to be given up comes first.
	slices.SortStableFunc(all, func(a, b trouble) int {
		return cmp.Compare(uint64(a.grace), uint64(b.grace)) //nolint:gosec // none, which is negative, is to be last
	})

	return all
}

// makerTroubles are those of a workload that cannot make its pods.
func (s *scene) makerTroubles(live *unstructured.Unstructured) []trouble {
	conditions, _, _ := unstructured.NestedSlice(live.Object, "status", "conditions")
	for _, entry := range conditions {
		condition, ok := entry.(map[string]any)
		if ok && condition["type"] == "ReplicaFailure" && condition["status"] == "True" {
			text := fmt.Sprintf("its pods cannot be made: %s: %s", condition["reason"], condition["message"])

			return []trouble{{key: "maker", text: oneLine(text, 500), grace: graceLong}}
		}
	}

	events := s.events[live.GetUID()]
	if len(events) == 0 {
		return nil
	}

	if last := events[len(events)-1]; last.Reason == "FailedCreate" {
		text := "its pods cannot be made: " + last.Message

		return []trouble{{key: "maker", text: oneLine(text, 500), grace: graceLong}}
	}

	return nil
}

// podsOf returns the pods of the workload's present revision, or all where it is not known.
func (s *scene) podsOf(ctx context.Context, live *unstructured.Unstructured) []corev1.Pod {
	if live.GetKind() == "Pod" {
		return slices.DeleteFunc(slices.Clone(s.pods), func(pod corev1.Pod) bool { return pod.UID != live.GetUID() })
	}

	var pods []corev1.Pod

	chosen := selectorOf(live)
	hash := s.currentHash(ctx, live)

	for _, pod := range s.pods {
		if pod.DeletionTimestamp == nil && chosen.Matches(labels.Set(pod.Labels)) &&
			(hash == "" || pod.Labels["pod-template-hash"] == hash) {
			pods = append(pods, pod)
		}
	}

	return pods
}

func selectorOf(live *unstructured.Unstructured) labels.Selector {
	raw, found, _ := unstructured.NestedMap(live.Object, "spec", "selector")
	if !found {
		return labels.Nothing()
	}

	var selector metav1.LabelSelector
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(raw, &selector); err != nil {
		return labels.Nothing()
	}

	chosen, err := metav1.LabelSelectorAsSelector(&selector)
	if err != nil || chosen.Empty() {
		return labels.Nothing()
	}

	return chosen
}

const revisionAnnotation = "deployment.kubernetes.io/revision"

// currentHash tells the pods of a Deployment's present revision from those it is about to remove, whose troubles are past.
func (s *scene) currentHash(ctx context.Context, live *unstructured.Unstructured) string {
	if live.GetKind() != "Deployment" {
		return ""
	}

	list, err := s.cluster.dynamic.Resource(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "replicasets"}).
		Namespace(live.GetNamespace()).List(ctx, metav1.ListOptions{LabelSelector: selectorOf(live).String()})
	if err != nil {
		return ""
	}

	for _, set := range list.Items {
		if metav1.IsControlledBy(&set, live) &&
			set.GetAnnotations()[revisionAnnotation] == live.GetAnnotations()[revisionAnnotation] {
			return set.GetLabels()["pod-template-hash"]
		}
	}

	return ""
}

// waitsForConsumer says that a claim waits for its first pod, and no pod of the namespace uses it: it will not be bound,
// and is as ready as it can be.
func (s *scene) waitsForConsumer(claim string) bool {
	for _, pod := range s.pods {
		if uses(pod, claim) {
			return false
		}
	}

	for _, candidate := range s.claims {
		if events := s.events[candidate.UID]; candidate.Name == claim && len(events) > 0 {
			return events[len(events)-1].Reason == "WaitForFirstConsumer"
		}
	}

	return false
}

func uses(pod corev1.Pod, claim string) bool {
	return slices.ContainsFunc(pod.Spec.Volumes, func(volume corev1.Volume) bool {
		return volume.PersistentVolumeClaim != nil && volume.PersistentVolumeClaim.ClaimName == claim
	})
}

// claimTroubles names the claim's storage class and what its provisioner says.
func (s *scene) claimTroubles(ctx context.Context, claim corev1.PersistentVolumeClaim) []trouble {
	class := "no storage class"
	if name := claim.Spec.StorageClassName; name != nil && *name != "" {
		class = fmt.Sprintf("storage class %q", *name)
		if provisioner := s.cluster.provisioner(ctx, *name); provisioner != "" {
			class += " of provisioner " + provisioner
		}
	}

	t := trouble{key: "claim", text: fmt.Sprintf("is not bound (%s)", class), grace: graceNone}

	for _, event := range slices.Backward(s.events[claim.UID]) {
		if event.Reason == "WaitForFirstConsumer" || event.Reason == "WaitForPodScheduled" {
			break
		}

		t.text = fmt.Sprintf("is not bound (%s): %s: %s", class, event.Reason, oneLine(event.Message, 500))

		if event.Reason == "ProvisioningFailed" || event.Reason == "FailedBinding" {
			t.key, t.grace = "claim "+event.Reason, graceLong

			if strings.Contains(event.Message, "not found") || event.Reason == "FailedBinding" {
				t.grace = graceShort
			}
		}

		break
	}

	return []trouble{t}
}

func (c *Cluster) provisioner(ctx context.Context, class string) string {
	live, err := c.dynamic.Resource(schema.GroupVersionResource{
		Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses",
	}).Get(ctx, class, metav1.GetOptions{})
	if err != nil {
		return ""
	}

	provisioner, _, _ := unstructured.NestedString(live.Object, "provisioner")

	return provisioner
}
