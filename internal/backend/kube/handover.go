package kube

import (
	"context"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/util/csaupgrade"
)

// Handover makes the fields of an object that its maker has set our own, so that what is not wanted of them goes when we apply:
// otherwise the server would keep them for him. The maker is whoever has set the annotation of that name. There being no such
// object is backend.ErrNotFound.
func (c *Cluster) Handover(ctx context.Context, object *unstructured.Unstructured, annotation string) error {
	live, err := c.Get(ctx, object)
	if err != nil {
		return err
	}

	makers := sets.New[string]()
	entries := live.GetManagedFields()

	for i, entry := range entries {
		if entry.FieldsV1 == nil || !strings.Contains(entry.FieldsV1.GetRawString(), `"f:`+annotation+`"`) || entry.Manager == Manager {
			continue
		}

		makers.Insert(entry.Manager)

		entries[i].Operation = metav1.ManagedFieldsOperationUpdate // those that apply hand over as those that update do
	}

	if len(makers) == 0 {
		return nil
	}

	live.SetManagedFields(entries)

	patch, err := csaupgrade.UpgradeManagedFieldsPatch(live, makers, Manager)
	if err != nil || len(patch) == 0 {
		return handedOver(object, err)
	}

	resource, err := c.resource(ctx, object)
	if err != nil {
		return err
	}

	_, err = resource.Patch(ctx, live.GetName(), types.JSONPatchType, patch, metav1.PatchOptions{FieldManager: Manager})

	return handedOver(object, c.fault(err))
}

func handedOver(object *unstructured.Unstructured, err error) error {
	if err == nil {
		return nil
	}

	return fmt.Errorf("take over %s %s: %w", object.GetKind(), object.GetName(), err)
}
