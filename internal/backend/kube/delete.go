package kube

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// DeleteOption changes what Delete may do.
type DeleteOption func(*deletion)

type deletion struct {
	contents bool
}

// WithContents lets Delete remove namespaces and CRDs together with what somebody else has put into them.
func WithContents() DeleteOption { return func(d *deletion) { d.contents = true } }

// StuckError says what keeps objects that are being deleted from going. Nothing was forced: finalizers stay.
type StuckError struct {
	// Problems has one line for each object that is still there.
	Problems []string

	cause error
}

// Error is the problems.
func (e *StuckError) Error() string { return strings.Join(e.Problems, "; ") }

// Unwrap returns the context's error.
func (e *StuckError) Unwrap() error { return e.cause }

// Delete removes those of the objects that belong to the owner, in the reverse order of Apply, and returns when they are
// gone. What is gone already, or belongs to somebody else by now, is passed over. A namespace or a CRD that holds
// something of somebody else's is backend.ErrHoldsData. When the time is up a *StuckError says what blocks.
func (c *Cluster) Delete(
	ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured, options ...DeleteOption,
) error {
	ctx, cancel := bounded(ctx)
	defer cancel()

	var d deletion
	for _, option := range options {
		option(&d)
	}

	for _, group := range inReverse(objects) {
		var going []*unstructured.Unstructured

		for _, object := range group {
			live, err := c.deleteOne(ctx, owner, object, d)
			if err != nil {
				return fmt.Errorf("delete %w", err)
			}

			if live != nil {
				going = append(going, live)
			}
		}

		if err := c.gone(ctx, going...); err != nil {
			return fmt.Errorf("delete %w", err)
		}
	}

	return nil
}

// deleteOne returns the object that is on its way, or nil.
func (c *Cluster) deleteOne(
	ctx context.Context, owner backend.Owner, object *unstructured.Unstructured, d deletion,
) (*unstructured.Unstructured, error) {
	live, err := c.get(ctx, object)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	case !Belongs(live.GetLabels(), owner):
		return nil, nil
	case live.GetDeletionTimestamp() != nil:
		return live, nil
	}

	if !d.contents {
		held, err := c.heldBy(ctx, live, func(o metav1.Object) bool { return !Belongs(o.GetLabels(), owner) })
		if err != nil {
			return nil, err
		}

		if len(held) > 0 {
			return nil, fmt.Errorf("%s: it %w of others: %s", where(live), backend.ErrHoldsData, enumerate(held))
		}
	}

	return live, c.remove(ctx, live, false)
}

// remove begins the deletion of exactly this object; with unchanged, only if nobody has written to it since it was read.
func (c *Cluster) remove(ctx context.Context, live *unstructured.Unstructured, unchanged bool) error {
	resource, err := c.resource(ctx, live)
	if err != nil {
		return fmt.Errorf("%s: %w", where(live), err)
	}

	// Workloads stay until their pods are gone, so that nothing runs without what is deleted next.
	propagation := metav1.DeletePropagationBackground
	if workloads[live.GetKind()] {
		propagation = metav1.DeletePropagationForeground
	}

	conditions := metav1.NewUIDPreconditions(string(live.GetUID()))
	if version := live.GetResourceVersion(); unchanged {
		conditions.ResourceVersion = &version
	}

	err = resource.Delete(ctx, live.GetName(), metav1.DeleteOptions{
		PropagationPolicy: &propagation, Preconditions: conditions,
	})
	if err != nil && !isNotFound(err) && (unchanged || !apierrors.IsConflict(err)) {
		return fmt.Errorf("%s: %w", where(live), c.fault(err))
	}

	return nil
}

var workloads = map[string]bool{
	"Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true, "Job": true, "CronJob": true,
}

// gone waits until exactly these objects are no more. When the time is up it says what keeps them.
func (c *Cluster) gone(ctx context.Context, going ...*unstructured.Unstructured) error {
	answered := time.Now()

	for len(going) > 0 {
		var still []*unstructured.Unstructured

		for _, object := range going {
			live, err := c.get(ctx, object)

			switch {
			case err == nil && live.GetUID() == object.GetUID():
				still, answered = append(still, live), time.Now()
			case err == nil || errors.Is(err, backend.ErrNotFound):
				answered = time.Now()
			case ctx.Err() != nil, errors.Is(err, backend.ErrUnreachable) && time.Since(answered) < silenceLimit:
				still = append(still, object)
			default:
				return err
			}
		}

		going = still
		if len(going) > 0 && !pause(ctx, pollEvery) {
			return c.stuck(ctx, going)
		}
	}

	return nil
}

func (c *Cluster) stuck(ctx context.Context, going []*unstructured.Unstructured) error {
	cause := ctx.Err()

	ctx, cancel := afterwards(ctx)
	defer cancel()

	failure := &StuckError{cause: cause}

	for _, object := range going {
		live, err := c.get(ctx, object)
		if errors.Is(err, backend.ErrUnreachable) {
			return fmt.Errorf("%s: %w", where(object), err)
		}

		if err == nil && live.GetUID() == object.GetUID() {
			failure.Problems = append(failure.Problems,
				fmt.Sprintf("%s is still being deleted: %s", where(live), strings.Join(c.blockers(ctx, live), ", ")))
		}
	}

	if len(failure.Problems) == 0 {
		return nil // gone in the last moment
	}

	return failure
}
