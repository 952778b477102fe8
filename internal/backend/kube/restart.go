package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// restartedAnnotation on the template of a workload is what every tool writes that restarts its pods: another time makes
// another template.
const restartedAnnotation = "kubectl.kubernetes.io/restartedAt"

// restarter is the field manager of restarts. It is not Manager: what is written once is nobody's wish for later.
const restarter = Manager + "-restart"

// rolling are the kinds of what keeps pods running.
func rolling() []schema.GroupVersionKind {
	apps := schema.GroupVersion{Group: "apps", Version: "v1"}

	return []schema.GroupVersionKind{apps.WithKind("Deployment"), apps.WithKind("StatefulSet"), apps.WithKind("DaemonSet")}
}

// Restart gives every workload of an owner in a namespace new pods, the way that each rolls out changes, and returns when
// they are ready. Those that run nothing, because they are scaled to zero, are restarted too. tell is told of each step. It is
// backend.ErrNotFound where the owner has no workloads there.
func (c *Cluster) Restart(ctx context.Context, namespace string, owner backend.Owner, tell func(message string)) error {
	ctx, cancel := bounded(ctx)
	defer cancel()

	objects, err := c.workloadsOf(ctx, namespace, owner)
	if err != nil {
		return fmt.Errorf("restart: %w", err)
	}

	if len(objects) == 0 {
		return fmt.Errorf("restart: a Deployment, StatefulSet or DaemonSet of the %s %q in namespace %s %w", owner.Kind, owner.Name, namespace, backend.ErrNotFound)
	}

	patch, err := json.Marshal(map[string]any{"spec": map[string]any{"template": map[string]any{"metadata": map[string]any{
		"annotations": map[string]any{restartedAnnotation: time.Now().UTC().Format(time.RFC3339Nano)},
	}}}})
	if err != nil {
		return fmt.Errorf("restart: %w", err)
	}

	for _, object := range objects {
		resource, err := c.resource(ctx, object)
		if err != nil {
			return fmt.Errorf("restart %s: %w", where(object), err)
		}

		if _, err = resource.Patch(ctx, object.GetName(), types.MergePatchType, patch, metav1.PatchOptions{FieldManager: restarter}); err != nil {
			return fmt.Errorf("restart %s: %w", where(object), c.fault(err))
		}

		tell(fmt.Sprintf("%s gets new pods", where(object)))
	}

	for i, object := range objects { // one by one, so that each can be told of; they roll out side by side
		if err := c.Wait(ctx, objects[i:i+1]); err != nil {
			return fmt.Errorf("restart: %w", err)
		}

		tell(fmt.Sprintf("%s is ready", where(object)))
	}

	return nil
}

func (c *Cluster) workloadsOf(ctx context.Context, namespace string, owner backend.Owner) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured

	for _, kind := range rolling() {
		for one, err := range c.Marked(ctx, kind, owner, nil) {
			if err != nil {
				return nil, err
			}

			if one.Namespace != namespace {
				continue
			}

			object := &unstructured.Unstructured{}
			object.SetGroupVersionKind(kind)
			object.SetNamespace(one.Namespace)
			object.SetName(one.Name)
			objects = append(objects, object)
		}
	}

	return objects, nil
}
