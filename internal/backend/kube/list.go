package kube

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// List returns the live objects of the same kind and, where that has namespaces, in the same namespace as the given one.
func (c *Cluster) List(ctx context.Context, like *unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	resource, err := c.resource(ctx, like)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", like.GetKind(), err)
	}

	list, err := resource.List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", like.GetKind(), c.fault(err))
	}

	objects := make([]*unstructured.Unstructured, 0, len(list.Items))
	for i := range list.Items {
		objects = append(objects, &list.Items[i])
	}

	return objects, nil
}
