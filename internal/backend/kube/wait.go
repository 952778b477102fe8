package kube

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

const (
	pollEvery    = 500 * time.Millisecond
	inspectEvery = 2 * time.Second
	// silenceLimit is how long the API may be away while something is waited for: a server that restarts comes back.
	silenceLimit = 45 * time.Second
)

// NotReadyError says of each object that is not ready why it is not.
type NotReadyError struct {
	// Problems has one line for each object, with its pod, container, image and the kubelet's reason where known.
	Problems []string
	// After is how long was waited.
	After time.Duration

	cause error
}

// Error is the problems; that a time was up is never all it says.
func (e *NotReadyError) Error() string {
	return fmt.Sprintf("not ready after %s: %s", e.After.Round(time.Second), strings.Join(e.Problems, "; "))
}

// Unwrap returns the context's error, or nil where the reason cannot heal by itself and nothing was left to wait for.
func (e *NotReadyError) Unwrap() error { return e.cause }

// Wait returns when all objects are ready, by the rules of kstatus; a Job is ready when it is complete. It ends with a
// *NotReadyError when the context's time is up, and earlier when the same reason, one that cannot heal by itself, has
// stood in the way for a while. StatefulSets of ours whose pods of an older revision stand in the way, because
// Kubernetes waits for them to become ready before it replaces them, lose these pods.
func (c *Cluster) Wait(ctx context.Context, objects []*unstructured.Unstructured) error {
	ctx, cancel := bounded(ctx)
	defer cancel()

	w := &watch{cluster: c, began: time.Now(), pending: inOrder(objects), seen: sightings{}}

	for {
		if err := w.look(ctx); err != nil {
			return fmt.Errorf("wait until ready: %w", err)
		}

		if len(w.pending) == 0 {
			return nil
		}

		if final := w.seen.lasting(time.Now(), w.troubles()); len(final) > 0 {
			return &NotReadyError{Problems: w.problems(final), After: time.Since(w.began)}
		}

		if !pause(ctx, pollEvery) {
			return &NotReadyError{Problems: w.problems(nil), After: time.Since(w.began), cause: ctx.Err()}
		}
	}
}

type watch struct {
	cluster   *Cluster
	began     time.Time
	pending   []*unstructured.Unstructured
	reports   map[*unstructured.Unstructured]report
	seen      sightings
	inspected time.Time
	lost      time.Time
}

// report is what is known about an object that is not ready.
type report struct {
	message  string
	troubles []trouble
}

// look asks after every object that is not ready yet, and now and then why.
func (w *watch) look(ctx context.Context) error {
	inspect := time.Since(w.inspected) >= inspectEvery && time.Since(w.began) > pollEvery
	scenes := scenes{cluster: w.cluster, known: map[string]*scene{}}
	reports := map[*unstructured.Unstructured]report{}

	var pending []*unstructured.Unstructured

	for _, object := range w.pending {
		r, ready, err := w.lookAt(ctx, object, scenes, inspect)

		if ctx.Err() != nil {
			return nil //nolint:nilerr // the time is up, and what was seen before says more
		}

		switch {
		case err != nil:
			return w.away(err)
		case !ready:
			pending = append(pending, object)
			reports[object] = r
		}
	}

	w.lost = time.Time{}
	w.pending, w.reports = pending, reports

	if inspect {
		w.inspected = time.Now()
	}

	return nil
}

func (w *watch) lookAt(
	ctx context.Context, object *unstructured.Unstructured, scenes scenes, inspect bool,
) (report, bool, error) {
	live, err := w.cluster.get(ctx, object)
	if errors.Is(err, backend.ErrNotFound) {
		return report{"does not exist", []trouble{{key: "missing", text: "does not exist", grace: graceShort}}}, false, nil
	}

	if err != nil {
		return report{}, false, err
	}

	result, err := status.Compute(live)
	if err != nil {
		return report{}, false, fmt.Errorf("judge %s: %w", where(object), err)
	}

	if result.Status == status.CurrentStatus && (live.GetKind() != "Job" || isComplete(live)) {
		return report{}, true, nil
	}

	r := report{message: oneLine(result.Message, 300), troubles: w.reports[object].troubles}
	if !inspect {
		return r, false, nil
	}

	sc := scenes.of(ctx, live.GetNamespace())
	if live.GetKind() == kindClaim && sc.waitsForConsumer(live.GetName()) {
		return report{}, true, nil
	}

	r.troubles = sc.troubles(ctx, live)
	if result.Status == status.FailedStatus {
		r.troubles = append(r.troubles, failed(live, r.message))
	}

	return r, false, w.cluster.unstick(ctx, live, sc)
}

// away forgives that the API does not answer for a while; what was seen last stays.
func (w *watch) away(err error) error {
	if !errors.Is(err, backend.ErrUnreachable) {
		return err
	}

	if w.lost.IsZero() {
		w.lost = time.Now()
	}

	if time.Since(w.lost) > silenceLimit {
		return err
	}

	return nil
}

func (w *watch) troubles() map[string]trouble {
	all := map[string]trouble{}

	for object, r := range w.reports {
		for _, t := range r.troubles {
			all[where(object)+" "+t.key] = t
		}
	}

	return all
}

// problems has a line for each object; given lasting troubles, only for objects that have one of them, and that first.
func (w *watch) problems(lasting map[string]trouble) []string {
	var lines []string

	for _, object := range w.pending {
		var texts, others []string

		for _, t := range w.reports[object].troubles {
			if _, lasts := lasting[where(object)+" "+t.key]; lasts {
				texts = append(texts, t.text)
			} else {
				others = append(others, t.text)
			}
		}

		if lasting != nil && len(texts) == 0 {
			continue
		}

		texts = append(texts, others...)
		if len(texts) == 0 {
			texts = []string{cmp.Or(w.reports[object].message, "its state is not known")}
		}

		lines = append(lines, where(object)+": "+strings.Join(texts[:min(len(texts), 3)], ", "))
	}

	return lines
}

// failed is kstatus' own verdict. A Deployment that was given up may go on once its reason is gone; a Job never does.
func failed(live *unstructured.Unstructured, message string) trouble {
	grace := graceShort
	if live.GetKind() == "Job" {
		grace = 0
	}

	return trouble{key: "failed", text: message, grace: grace}
}

func isComplete(job *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(job.Object, "status", "conditions")
	for _, entry := range conditions {
		if condition, ok := entry.(map[string]any); ok &&
			(condition["type"] == "Complete" || condition["type"] == "SuccessCriteriaMet") && condition["status"] == "True" {
			return true
		}
	}

	return false
}
