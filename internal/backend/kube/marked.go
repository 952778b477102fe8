package kube

import (
	"context"
	"fmt"
	"iter"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Marked is an object that bears the labels of an owner.
type Marked struct {
	Namespace, Name string
	Owner           backend.Owner
}

// pageSize is how many objects one answer of the API has.
const pageSize = 250

// Marked finds in all namespaces the objects of one kind that bear the labels of an owner's kind and flavor, and of its name
// where it has one, and further labels. Only their metadata are read.
func (c *Cluster) Marked(ctx context.Context, kind schema.GroupVersionKind, owner backend.Owner, more map[string]string) iter.Seq2[Marked, error] {
	return func(yield func(Marked, error) bool) {
		mapping, err := c.mapping(ctx, kind)
		if err != nil {
			yield(Marked{}, fmt.Errorf("list %s: %w", kind.Kind, err))

			return
		}

		wanted := with(Labels(owner), more)
		if owner.Name == "" {
			delete(wanted, LabelName)
		}

		options := metav1.ListOptions{LabelSelector: labels.SelectorFromSet(wanted).String(), Limit: pageSize}

		for {
			list, err := c.metadata.Resource(mapping.Resource).List(ctx, options)
			if err != nil {
				yield(Marked{}, fmt.Errorf("list %s: %w", kind.Kind, c.fault(err)))

				return
			}

			for i := range list.Items {
				one := &list.Items[i]
				owner, _ := OwnerOf(one.GetLabels())

				if !yield(Marked{Namespace: one.GetNamespace(), Name: one.GetName(), Owner: owner}, nil) {
					return
				}
			}

			if options.Continue = list.GetContinue(); options.Continue == "" {
				return
			}
		}
	}
}
