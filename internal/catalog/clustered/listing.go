package clustered

import (
	"context"
	"iter"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// records are the Secrets in which Helm keeps a release: one for each of its revisions.
var (
	records     = schema.GroupVersionKind{Version: "v1", Kind: "Secret"}
	recordsOnly = map[string]string{"owner": "helm"}
)

// List finds components by the labels of their releases, in all namespaces.
func (d Service[C]) List(ctx context.Context, in flavor.Input, _ flavor.Scope) iter.Seq2[flavor.Found, error] {
	return marked(ctx, in, d.Flavor, func() (schema.GroupVersionKind, map[string]string) { return records, recordsOnly })
}

// List finds components by the labels of their first object, in all namespaces.
func (d Objects[C]) List(ctx context.Context, in flavor.Input, _ flavor.Scope) iter.Seq2[flavor.Found, error] {
	return marked(ctx, in, d.Flavor, func() (schema.GroupVersionKind, map[string]string) {
		return d.Objects(Site{Input: in, Namespace: "any", Name: "any"}, d.Default)[0].GroupVersionKind(), nil
	})
}

// marked finds the components of a kind and flavor, each once.
func marked(
	ctx context.Context, in flavor.Input, flavorName string, by func() (kind schema.GroupVersionKind, more map[string]string),
) iter.Seq2[flavor.Found, error] {
	return func(yield func(flavor.Found, error) bool) {
		site, err := enter(ctx, in, flavorName)
		if err != nil {
			yield(flavor.Found{}, Worded(err))

			return
		}

		seen := map[string]bool{}
		kind, more := by()

		for one, err := range site.Marked(ctx, kind, site.Owner, more) {
			if err != nil {
				yield(flavor.Found{}, Worded(err))

				return
			}

			id := one.Namespace + "/" + one.Owner.Name
			if seen[id] {
				continue
			}

			seen[id] = true

			if !yield(flavor.Found{ID: id, Name: one.Owner.Name}, nil) {
				return
			}
		}
	}
}
