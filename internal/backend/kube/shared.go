package kube

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// userPrefix begins the annotation by which a user of a shared object is counted on it.
const userPrefix = "users.mlstacks.io/"

// Shared is what several components need and none of them owns: a namespace, CRDs, a controller. Each object is counted
// by itself, on itself, so that components of several processes and states can share it.
type Shared struct {
	// Objects are made in the order of Apply. What is there already and was not made by a Join is used as it is, and
	// never changed or deleted.
	Objects []*unstructured.Unstructured
}

// SharedNamespace is a namespace for several components.
func SharedNamespace(name string) Shared {
	return Shared{Objects: []*unstructured.Unstructured{{Object: map[string]any{
		"apiVersion": "v1", "kind": kindNamespace, "metadata": map[string]any{"name": name},
	}}}}
}

// Join makes what is missing and counts the user, who may be counted already. An object that is just being deleted is
// waited for and made again. CRDs can be used afterwards; for a controller to be ready there is Wait.
func (c *Cluster) Join(ctx context.Context, shared Shared, user string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()

	for _, object := range inOrder(shared.Objects) {
		if err := c.join(ctx, object, user); err != nil {
			return fmt.Errorf("join %w", err)
		}

		if object.GetKind() == kindCRD {
			if err := c.served(ctx, []*unstructured.Unstructured{object}); err != nil {
				return fmt.Errorf("join %w", err)
			}
		}
	}

	return nil
}

func (c *Cluster) join(ctx context.Context, object *unstructured.Unstructured, user string) error {
	for {
		done, err := c.tryJoin(ctx, object, user)
		if err != nil || done {
			return err
		}

		if !pause(ctx, jitter()) {
			return fmt.Errorf("%s: others change it all the time: %w", where(object), ctx.Err())
		}
	}
}

func (c *Cluster) tryJoin(ctx context.Context, object *unstructured.Unstructured, user string) (bool, error) {
	live, err := c.get(ctx, object)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		live = nil
	case err != nil:
		return false, err
	case live.GetDeletionTimestamp() != nil:
		return false, c.gone(ctx, live)
	case !isShared(live):
		return true, nil
	}

	// A namespace has no content that a newer version of ours could change.
	if live == nil || object.GetKind() != kindNamespace {
		resource, err := c.resource(ctx, object)
		if err != nil {
			return false, fmt.Errorf("%s: %w", where(object), err)
		}

		wanted := bare(object)
		wanted.SetLabels(with(object.GetLabels(), map[string]string{LabelManagedBy: Manager, labelShared: "true"}))

		made, err := resource.Apply(ctx, object.GetName(), wanted, metav1.ApplyOptions{FieldManager: Manager, Force: true})
		if apierrors.IsConflict(err) || apierrors.IsAlreadyExists(err) {
			return false, nil
		}

		if err != nil {
			return false, c.notApplied(object, err)
		}

		live = made
	}

	return c.mark(ctx, live, user, &user)
}

// Leave takes the user off the count. The last one to leave removes what a Join has made and returns when it is gone; a
// namespace or a CRD in which somebody else has put something stays.
func (c *Cluster) Leave(ctx context.Context, shared Shared, user string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()

	for _, group := range inReverse(shared.Objects) {
		for _, object := range group {
			if err := c.leave(ctx, object, user); err != nil {
				return fmt.Errorf("leave %w", err)
			}
		}
	}

	return nil
}

func (c *Cluster) leave(ctx context.Context, object *unstructured.Unstructured, user string) error {
	for {
		done, err := c.tryLeave(ctx, object, user)
		if err != nil || done {
			return err
		}

		if !pause(ctx, jitter()) {
			return fmt.Errorf("%s: others change it all the time: %w", where(object), ctx.Err())
		}
	}
}

func (c *Cluster) tryLeave(ctx context.Context, object *unstructured.Unstructured, user string) (bool, error) {
	live, err := c.get(ctx, object)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return true, nil
	case err != nil:
		return false, err
	case !isShared(live):
		return true, nil
	case live.GetDeletionTimestamp() != nil:
		return true, c.gone(ctx, live)
	case len(othersOf(live, user)) > 0:
		return c.mark(ctx, live, user, nil)
	}

	held, err := c.heldBy(ctx, live, func(metav1.Object) bool { return true })
	if err != nil {
		return false, fmt.Errorf("%s: %w", where(live), err)
	}

	if len(held) > 0 {
		return c.mark(ctx, live, user, nil)
	}

	// The mark stays until the object goes: killed between the two, the next Leave finds the count as it was.
	if err := c.remove(ctx, live, true); err != nil {
		if apierrors.IsConflict(err) {
			return false, nil // somebody has joined or left
		}

		return false, err
	}

	return true, c.gone(ctx, live)
}

// mark sets or removes the annotation of a user. It returns false when the object was changed since it was read.
func (c *Cluster) mark(ctx context.Context, live *unstructured.Unstructured, user string, value *string) (bool, error) {
	have, counted := live.GetAnnotations()[userKey(user)]
	if counted == (value != nil) && (!counted || have == *value) {
		return true, nil
	}

	resource, err := c.resource(ctx, live)
	if err != nil {
		return false, fmt.Errorf("%s: %w", where(live), err)
	}

	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"resourceVersion": live.GetResourceVersion(),
		"annotations":     map[string]any{userKey(user): value},
	}})
	if err != nil {
		return false, fmt.Errorf("%s: %w", where(live), err)
	}

	written, err := resource.Patch(ctx, live.GetName(), types.MergePatchType, patch, metav1.PatchOptions{FieldManager: Manager})

	switch {
	case apierrors.IsConflict(err), isNotFound(err):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("%s: %w", where(live), c.fault(err))
	}

	// Its deletion may have begun before the count was raised.
	return value == nil || written.GetDeletionTimestamp() == nil, nil
}

// Users returns who is counted on a live object of a Shared.
func Users(live *unstructured.Unstructured) []string { return othersOf(live, "") }

func othersOf(live *unstructured.Unstructured, user string) []string {
	var others []string

	for key, value := range live.GetAnnotations() {
		if strings.HasPrefix(key, userPrefix) && key != userKey(user) {
			others = append(others, value)
		}
	}

	return others
}

func isShared(live *unstructured.Unstructured) bool {
	return live.GetLabels()[LabelManagedBy] == Manager && live.GetLabels()[labelShared] != ""
}

// userKey is valid whatever the user is called.
func userKey(user string) string {
	sum := sha256.Sum256([]byte(user))

	return userPrefix + hex.EncodeToString(sum[:12])
}

func jitter() time.Duration {
	return 20*time.Millisecond + rand.N(80*time.Millisecond) //nolint:gosec // keeps processes from meeting again, no secret
}
