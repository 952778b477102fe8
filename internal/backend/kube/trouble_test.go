package kube

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestSightings_ForgetWhatWasAwayInBetween(t *testing.T) {
	t.Parallel()

	s, now := sightings{}, time.Unix(0, 0)
	image := map[string]trouble{"web image": {grace: 10 * time.Second}, "web probe": {grace: graceNone}}

	for _, c := range []struct {
		after time.Duration
		seen  map[string]trouble
		final int
	}{
		{0, image, 0},
		{9 * time.Second, image, 0},
		{9500 * time.Millisecond, nil, 0},
		{11 * time.Second, image, 0},
		{20 * time.Second, image, 0},
		{21 * time.Second, image, 1},
		{time.Hour, image, 1},
	} {
		if final := s.lasting(now.Add(c.after), c.seen); len(final) != c.final {
			t.Errorf("after %s: %v", c.after, final)
		}
	}
}

func TestPodTroubles_SpeakInKubeletsWords(t *testing.T) {
	t.Parallel()

	waiting := func(reason, message string) corev1.ContainerStatus {
		return corev1.ContainerStatus{Name: "main", State: corev1.ContainerState{
			Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message},
		}}
	}
	crashed := waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container")
	crashed.RestartCount = 7
	crashed.LastTerminationState.Terminated = &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "OOMKilled", Message: "s3cr3t"}

	running := corev1.ContainerStatus{Name: "main", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}

	for name, c := range map[string]struct {
		status corev1.ContainerStatus
		events []corev1.Event
		want   string
		grace  time.Duration
	}{
		"image, told by event": {
			waiting("ImagePullBackOff", `Back-off pulling image "img:1"`),
			[]corev1.Event{{Type: "Warning", Reason: "Failed", Message: "Failed to pull image: no such host"}},
			`pod web-0: container main: image "img:1" cannot be pulled: ImagePullBackOff: Failed to pull image: no such host`, graceShort,
		},
		"name": {
			waiting("InvalidImageName", "couldn't parse"), nil,
			`pod web-0: container main: image "img:1" cannot be pulled: InvalidImageName: couldn't parse`, graceShort,
		},
		"crash": {
			crashed, nil,
			`pod web-0: container main: CrashLoopBackOff: ended with exit code 137, OOMKilled (image "img:1", 7 restarts); its log says why`,
			graceShort,
		},
		"probe that prints": {
			running,
			[]corev1.Event{{Type: "Warning", Reason: "Unhealthy", Message: "Readiness probe failed: password s3cr3t"}},
			`pod web-0: container main: runs but is not ready (image "img:1"): a probe failed`, graceNone,
		},
		"slow pull": {
			waiting("ContainerCreating", ""),
			[]corev1.Event{{Type: "Normal", Reason: "Pulling", Message: `Pulling image "img:1"`}},
			`pod web-0: Pulling: Pulling image "img:1"`, graceNone,
		},
	} {
		pod := corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web-0"}}
		pod.Spec.Containers = []corev1.Container{{Name: "main", Image: "img:1"}}
		pod.Status.ContainerStatuses = []corev1.ContainerStatus{c.status}

		got := podTroubles(pod, c.events)
		if len(got) != 1 || got[0].text != c.want || got[0].grace != c.grace {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestPodTroubles_LeaveAutoscalerItsTime(t *testing.T) {
	t.Parallel()

	pod := corev1.Pod{Status: corev1.PodStatus{Conditions: []corev1.PodCondition{{
		Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: "Unschedulable", Message: "0/1 nodes are available",
	}}}}

	if got := podTroubles(pod, nil); len(got) != 1 || got[0].grace != graceSchedule {
		t.Errorf("got %+v", got)
	}

	if got := podTroubles(pod, []corev1.Event{{Reason: "TriggeredScaleUp"}}); len(got) != 1 || got[0].grace != graceNone {
		t.Errorf("got %+v", got)
	}

	pod.Status.Conditions[0].Message = `persistentvolumeclaim "data" not found`

	if got := podTroubles(pod, nil); got[0].grace != graceShort || !strings.Contains(got[0].text, `"data" not found`) {
		t.Errorf("got %+v", got)
	}
}
