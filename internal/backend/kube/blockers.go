package kube

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// blockers says what keeps an object that is being deleted.
func (c *Cluster) blockers(ctx context.Context, live *unstructured.Unstructured) []string {
	var found []string

	if finalizers := live.GetFinalizers(); len(finalizers) > 0 {
		found = append(found, "finalizers "+strings.Join(finalizers, ", ")+" are on it")
	}

	switch {
	case live.GetKind() == kindNamespace:
		found = append(found, c.namespaceBlockers(ctx, live)...)
	case live.GetKind() == kindCRD:
		held, err := c.instances(ctx, live, func(metav1.Object) bool { return true })
		if err == nil && len(held) > 0 {
			found = append(found, "what remains of its kind: "+enumerate(held))
		}
	case live.GetKind() == kindClaim, workloads[live.GetKind()]:
		found = append(found, c.podBlockers(ctx, live)...)
	}

	if len(found) == 0 {
		return []string{"nothing says why"}
	}

	return found
}

// namespaceBlockers are the words of the namespace controller, and what is left in the namespace with its finalizers.
func (c *Cluster) namespaceBlockers(ctx context.Context, live *unstructured.Unstructured) []string {
	var found []string

	conditions, _, _ := unstructured.NestedSlice(live.Object, "status", "conditions")
	for _, entry := range conditions {
		condition, ok := entry.(map[string]any)
		if ok && condition["status"] == "True" {
			found = append(found, fmt.Sprintf("%s: %s", condition["type"], oneLine(fmt.Sprint(condition["message"]), 400)))
		}
	}

	held, _, err := c.contents(ctx, live.GetName())
	if err != nil {
		return append(found, "what remains in it cannot be listed: "+err.Error())
	}

	var kept, left []string

	for _, h := range held {
		if finalizers := h.object.GetFinalizers(); len(finalizers) > 0 {
			kept = append(kept, h.String()+" (finalizers "+strings.Join(finalizers, ", ")+")")
		} else {
			left = append(left, h.String())
		}
	}

	if left = append(kept, left...); len(left) > 0 {
		found = append(found, "what remains in it: "+list(left))
	}

	return found
}

// podBlockers names the pods that use a claim, or that a workload waits for.
func (c *Cluster) podBlockers(ctx context.Context, live *unstructured.Unstructured) []string {
	pods, err := c.core.Pods(live.GetNamespace()).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil
	}

	var names []string

	chosen := selectorOf(live)

	for _, pod := range pods.Items {
		if live.GetKind() == kindClaim && uses(pod, live.GetName()) || chosen.Matches(labels.Set(pod.Labels)) {
			names = append(names, podState(pod))
		}
	}

	if len(names) == 0 {
		return nil
	}

	return []string{"pods are still there: " + list(names)}
}

func podState(pod corev1.Pod) string {
	state := strings.ToLower(string(pod.Status.Phase))
	if pod.DeletionTimestamp != nil {
		state = "terminating"
	}

	text := fmt.Sprintf("%s (%s on node %s", pod.Name, state, pod.Spec.NodeName)
	if len(pod.Finalizers) > 0 {
		text += ", finalizers " + strings.Join(pod.Finalizers, ", ")
	}

	return text + ")"
}

// list is a few of many.
func list(texts []string) string {
	const few = 10
	if len(texts) <= few {
		return strings.Join(texts, ", ")
	}

	return fmt.Sprintf("%s and %d more", strings.Join(texts[:few], ", "), len(texts)-few)
}
