package kube

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// crashLimit is how often a container may die before nobody waits for it to heal: about three minutes.
const crashLimit = 5

// podTroubles says what keeps a pod from being ready, in the kubelet's words. What a container has written is left out,
// as it may hold secrets.
func podTroubles(pod corev1.Pod, events []corev1.Event) []trouble {
	if t, unscheduled := scheduling(pod, events); unscheduled {
		return []trouble{t}
	}

	var all []trouble

	statuses := slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses)
	for _, status := range statuses {
		if t, bad := containerTrouble(status, events, pod); bad {
			t.key = "container " + status.Name + " " + t.key
			t.text = fmt.Sprintf("pod %s: container %s: %s", pod.Name, status.Name, t.text)
			all = append(all, t)
		}
	}

	if len(all) > 0 || ready(pod) || pod.Status.Phase == corev1.PodSucceeded {
		return all
	}

	for _, event := range slices.Backward(events) {
		switch {
		case event.Type != corev1.EventTypeWarning:
			continue
		case event.Reason == "FailedMount" || event.Reason == "FailedAttachVolume":
			return []trouble{podTrouble(pod, event, graceLong)}
		case event.Reason == "FailedCreatePodSandBox":
			return []trouble{podTrouble(pod, event, graceNone)}
		}
	}

	if pod.Status.Reason != "" {
		text := fmt.Sprintf("pod %s: %s: %s", pod.Name, pod.Status.Reason, oneLine(pod.Status.Message, 300))

		return []trouble{{key: "pod " + pod.Status.Reason, text: text, grace: graceLong}}
	}

	if len(events) > 0 { // for example an image that takes long to pull
		return []trouble{podTrouble(pod, events[len(events)-1], graceNone)}
	}

	return nil
}

func podTrouble(pod corev1.Pod, event corev1.Event, grace time.Duration) trouble {
	return trouble{
		key:   "pod " + event.Reason,
		text:  fmt.Sprintf("pod %s: %s: %s", pod.Name, event.Reason, oneLine(event.Message, 500)),
		grace: grace,
	}
}

func scheduling(pod corev1.Pod, events []corev1.Event) (trouble, bool) {
	for _, condition := range pod.Status.Conditions {
		if condition.Type != corev1.PodScheduled || condition.Status != corev1.ConditionFalse {
			continue
		}

		grace := graceSchedule
		if condition.Reason != corev1.PodReasonUnschedulable || slices.ContainsFunc(events, bringsNode) {
			grace = graceNone
		}

		if strings.HasPrefix(condition.Message, "persistentvolumeclaim ") {
			grace = graceShort // the claim does not exist
		}

		return trouble{
			key:   "schedule",
			text:  fmt.Sprintf("pod %s: %s: %s", pod.Name, condition.Reason, oneLine(condition.Message, 500)),
			grace: grace,
		}, true
	}

	return trouble{}, false
}

// bringsNode says that an autoscaler is at work for the pod.
func bringsNode(event corev1.Event) bool {
	return event.Reason == "TriggeredScaleUp" || event.Reason == "Nominated"
}

func containerTrouble(status corev1.ContainerStatus, events []corev1.Event, pod corev1.Pod) (trouble, bool) {
	waiting := status.State.Waiting

	switch {
	case waiting != nil && isImage(waiting.Reason):
		text := fmt.Sprintf("image %q cannot be pulled: %s: %s",
			imageOf(pod, status), waiting.Reason, oneLine(pullMessage(*waiting, events), 500))

		return trouble{key: "image", text: text, grace: graceShort}, true
	case waiting != nil && (waiting.Reason == "CreateContainerConfigError" || waiting.Reason == "CreateContainerError" ||
		waiting.Reason == "RunContainerError"):
		text := fmt.Sprintf("%s: %s (image %q)", waiting.Reason, oneLine(waiting.Message, 500), imageOf(pod, status))

		return trouble{key: waiting.Reason, text: text, grace: graceLong}, true
	case died(status) != nil:
		return crash(status, *died(status), imageOf(pod, status), pod.Spec.RestartPolicy), true
	case status.State.Running != nil && !status.Ready && !isInit(pod, status.Name):
		text := fmt.Sprintf("runs but is not ready (image %q)%s", imageOf(pod, status), probe(events))

		return trouble{key: "probe", text: text, grace: graceNone}, true
	}

	return trouble{}, false
}

func isImage(reason string) bool {
	return reason == "ErrImagePull" || reason == "ImagePullBackOff" || reason == "InvalidImageName" ||
		reason == "ErrImageNeverPull" || reason == "ImageInspectError" || reason == "RegistryUnavailable"
}

// pullMessage prefers what the registry said to that the kubelet waits before it asks again.
func pullMessage(waiting corev1.ContainerStateWaiting, events []corev1.Event) string {
	if waiting.Reason != "ImagePullBackOff" || strings.Contains(waiting.Message, ": ") {
		return waiting.Message
	}

	for _, event := range slices.Backward(events) {
		if event.Reason == "Failed" && strings.Contains(event.Message, "pull") {
			return event.Message
		}
	}

	return waiting.Message
}

// died returns how a container ended that should not have.
func died(status corev1.ContainerStatus) *corev1.ContainerStateTerminated {
	if now := status.State.Terminated; now != nil {
		if now.ExitCode != 0 {
			return now
		}

		return nil
	}

	if last := status.LastTerminationState.Terminated; last != nil && !status.Ready {
		return last
	}

	return nil
}

func crash(
	status corev1.ContainerStatus, end corev1.ContainerStateTerminated, image string, policy corev1.RestartPolicy,
) trouble {
	how := fmt.Sprintf("exit code %d", end.ExitCode)
	if end.Signal != 0 {
		how = fmt.Sprintf("signal %d", end.Signal)
	}

	if end.Reason != "" && end.Reason != "Error" {
		how += ", " + end.Reason
	}

	grace := graceNone
	if status.RestartCount >= crashLimit && policy != corev1.RestartPolicyNever {
		grace = graceShort
	}

	waits := ""
	if status.State.Waiting != nil && status.State.Waiting.Reason == "CrashLoopBackOff" {
		waits = "CrashLoopBackOff: "
	}

	return trouble{
		key:   "crash",
		text:  fmt.Sprintf("%sended with %s (image %q, %d restarts); its log says why", waits, how, image, status.RestartCount),
		grace: grace,
	}
}

// probe is the kubelet's last word about a probe over the network. What a command printed is left out.
func probe(events []corev1.Event) string {
	for _, event := range slices.Backward(events) {
		if event.Reason != "Unhealthy" {
			continue
		}

		kind, said, _ := strings.Cut(event.Message, " probe failed: ")
		if strings.HasPrefix(said, "Get ") || strings.HasPrefix(said, "HTTP probe") || strings.HasPrefix(said, "dial ") {
			return ": " + kind + " probe failed: " + oneLine(said, 200)
		}

		return ": a probe failed"
	}

	return ""
}

// imageOf prefers the image as it was asked for to the one the kubelet found.
func imageOf(pod corev1.Pod, status corev1.ContainerStatus) string {
	for _, container := range slices.Concat(pod.Spec.InitContainers, pod.Spec.Containers) {
		if container.Name == status.Name {
			return container.Image
		}
	}

	return status.Image
}

func isInit(pod corev1.Pod, container string) bool {
	return slices.ContainsFunc(pod.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == container })
}

func ready(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(condition corev1.PodCondition) bool {
		return condition.Type == corev1.PodReady && condition.Status == corev1.ConditionTrue
	})
}

// unstick removes pods of an older revision that are not ready from a StatefulSet of ours: Kubernetes waits for them
// before it goes on, which is for ever when the older revision was the mistake.
func (c *Cluster) unstick(ctx context.Context, live *unstructured.Unstructured, s *scene) error {
	update, _, _ := unstructured.NestedString(live.Object, "status", "updateRevision")
	observed, _, _ := unstructured.NestedInt64(live.Object, "status", "observedGeneration")
	strategy, _, _ := unstructured.NestedString(live.Object, "spec", "updateStrategy", "type")

	if live.GetKind() != "StatefulSet" || live.GetLabels()[LabelKind] == "" || update == "" ||
		observed < live.GetGeneration() || strategy == "OnDelete" {
		return nil
	}

	for _, pod := range s.podsOf(ctx, live) {
		if ready(pod) || pod.Labels["controller-revision-hash"] == update || !metav1.IsControlledBy(&pod, live) ||
			len(podTroubles(pod, s.events[pod.UID])) == 0 {
			continue
		}

		err := c.core.Pods(pod.Namespace).Delete(ctx, pod.Name,
			metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(pod.UID))})
		if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
			return fmt.Errorf("replace pod %s of an older revision: %w", pod.Name, c.fault(err))
		}
	}

	return nil
}
