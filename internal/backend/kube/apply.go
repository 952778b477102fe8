package kube

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Apply makes the objects, or makes them as they should be, for their owner: CRDs first and waited for, then namespaces,
// then the rest. Nothing is written when one of them belongs to somebody else (backend.ErrForeign). A field that another
// field manager has set otherwise is a *ConflictError.
func (c *Cluster) Apply(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured) error {
	return c.apply(ctx, owner, objects, false)
}

// Repair is Apply that takes fields of our own objects back from whoever has changed them, as Drift has shown them.
func (c *Cluster) Repair(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured) error {
	return c.apply(ctx, owner, objects, true)
}

func (c *Cluster) apply(ctx context.Context, owner backend.Owner, objects []*unstructured.Unstructured, force bool) error {
	ctx, cancel := bounded(ctx)
	defer cancel()

	ordered := inOrder(objects)
	brought := broughtKinds(ordered)

	for _, object := range ordered {
		if _, err := c.claim(ctx, owner, object, brought); err != nil {
			return fmt.Errorf("apply %w", err)
		}
	}

	var crds []*unstructured.Unstructured

	for i, object := range ordered {
		if err := c.applyOne(ctx, owner, object, force); err != nil {
			return fmt.Errorf("apply %w", err)
		}

		if object.GetKind() == kindCRD {
			crds = append(crds, object)
		}

		if len(crds) > 0 && (i+1 == len(ordered) || ordered[i+1].GetKind() != kindCRD) {
			if err := c.served(ctx, crds); err != nil {
				return err
			}

			crds = nil
		}
	}

	return nil
}

// claim returns the live object if it is there and the owner's.
func (c *Cluster) claim(
	ctx context.Context, owner backend.Owner, object *unstructured.Unstructured, brought map[schema.GroupKind]bool,
) (*unstructured.Unstructured, error) {
	live, err := c.get(ctx, object)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		if meta.IsNoMatchError(err) && !brought[object.GroupVersionKind().GroupKind()] {
			return nil, fmt.Errorf("%s: the cluster has no kind %s of %s", where(object), object.GetKind(), object.GetAPIVersion())
		}

		return nil, nil
	case err != nil:
		return nil, err
	case !Belongs(live.GetLabels(), owner):
		return nil, foreign(live)
	}

	return live, nil
}

func (c *Cluster) applyOne(ctx context.Context, owner backend.Owner, object *unstructured.Unstructured, force bool) error {
	// The server cannot tell two components of this process apart: they are one field manager.
	defer lock(c.config.Host + " " + object.GroupVersionKind().GroupKind().String() + " " + where(object))()

	var failure error

	for range 5 {
		live, err := c.claim(ctx, owner, object, nil)
		if err != nil {
			return err
		}

		if live != nil && live.GetDeletionTimestamp() != nil {
			if err := c.gone(ctx, live); err != nil {
				return err
			}

			live = nil
		}

		resource, err := c.resource(ctx, object)
		if err != nil {
			return fmt.Errorf("%s: %w", where(object), err)
		}

		if failure = c.patch(ctx, resource, marked(object, owner), live, force); failure == nil {
			return nil
		}

		if conflict := conflictIn(object, failure); conflict != nil {
			return conflict
		}

		// Anything else that conflicts has come or gone since it was looked at.
		if !apierrors.IsConflict(failure) && !apierrors.IsAlreadyExists(failure) {
			break
		}
	}

	return c.notApplied(object, failure)
}

// patch names the object it means: one that has come or gone in the meantime is looked at again.
func (*Cluster) patch(
	ctx context.Context, resource dynamic.ResourceInterface, wanted, live *unstructured.Unstructured, force bool,
) error {
	if live != nil {
		wanted.SetUID(live.GetUID())
	}

	_, err := resource.Apply(ctx, wanted.GetName(), wanted, metav1.ApplyOptions{FieldManager: Manager, Force: force})

	return err
}

// notApplied never says that the object was not found: what is missing here is its namespace or its kind.
func (c *Cluster) notApplied(object *unstructured.Unstructured, err error) error {
	if isNotFound(err) {
		return fmt.Errorf("%s: %s", where(object), oneLine(err.Error(), 500))
	}

	return fmt.Errorf("%s: %w", where(object), c.refusal(object, err))
}

// served waits until the kinds of CRDs can be used.
func (c *Cluster) served(ctx context.Context, crds []*unstructured.Unstructured) error {
	if err := c.Wait(ctx, crds); err != nil {
		return err
	}

	for kind, versions := range definedKinds(crds) {
		for _, version := range versions {
			for {
				_, err := c.mapping(ctx, kind.WithVersion(version))
				if err == nil {
					break
				}

				if !pause(ctx, 200*time.Millisecond) {
					return fmt.Errorf("wait for kind %s: the cluster does not serve it: %w", kind, err)
				}
			}
		}
	}

	return nil
}

// definedKinds returns what CRDs define, with the versions that are served.
func definedKinds(crds []*unstructured.Unstructured) map[schema.GroupKind][]string {
	kinds := map[schema.GroupKind][]string{}

	for _, crd := range crds {
		group, _, _ := unstructured.NestedString(crd.Object, "spec", "group")
		name, _, _ := unstructured.NestedString(crd.Object, "spec", "names", "kind")
		versions, _, _ := unstructured.NestedSlice(bare(crd).Object, "spec", "versions")
		kind := schema.GroupKind{Group: group, Kind: name}

		for _, entry := range versions {
			version, ok := entry.(map[string]any)
			if served, _ := version["served"].(bool); ok && served {
				kinds[kind] = append(kinds[kind], fmt.Sprint(version["name"]))
			}
		}
	}

	return kinds
}

func broughtKinds(objects []*unstructured.Unstructured) map[schema.GroupKind]bool {
	brought := map[schema.GroupKind]bool{}

	for _, object := range objects {
		if object.GetKind() == kindCRD {
			for kind := range definedKinds([]*unstructured.Unstructured{object}) {
				brought[kind] = true
			}
		}
	}

	return brought
}

var locks sync.Map

// lock waits for its turn with one object and returns what ends it.
func lock(object string) (unlock func()) {
	stored, _ := locks.LoadOrStore(object, &sync.Mutex{})

	mutex, ok := stored.(*sync.Mutex)
	if !ok {
		return func() {} // unreachable: nothing else is stored
	}

	mutex.Lock()

	return mutex.Unlock
}
