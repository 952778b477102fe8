// Package inventory lists what there is in an account, with the tags that say whose it is.
package inventory

import (
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Object is something in AWS.
type Object struct {
	// Name is unique among those of its sort in a region, or in the account where regions do not matter.
	Name string
	Tags map[string]string
}

// Objects are found one by one; an error ends them.
type Objects = iter.Seq2[Object, error]

// sorts are how objects are found, by what messages call them.
var sorts = map[string]func(ctx context.Context, s *session.Session) Objects{
	"CodeBuild project":   projects,
	"EKS cluster":         clusters,
	"bucket":              buckets,
	"database":            databases,
	"log group":           logGroups,
	"model package group": modelGroups,
	"policy":              policies,
	"repository":          repositories,
	"role":                roles,
}

// Sorts are the sorts of objects that can be listed, as messages call them.
func Sorts() []string { return slices.Sorted(maps.Keys(sorts)) }

// Of lists the objects of a sort in the region of a session. ok is false for a sort that cannot be listed.
func Of(ctx context.Context, s *session.Session, sort string) (objects Objects, ok bool) {
	list, ok := sorts[sort]
	if !ok {
		return nil, false
	}

	return list(ctx, s), true
}

// page is some of the names, or of the objects, of a sort, and where the next ones begin; nil for the end.
type page[T any] func(token *string) (items []T, next *string, err error)

// walk goes through all pages and turns each item into an object; one that turns out to be nil is passed over.
func walk[T any](doing string, of page[T], object func(T) (*Object, error)) Objects {
	return func(yield func(Object, error) bool) {
		var token *string

		for {
			items, next, err := of(token)
			if err != nil {
				yield(Object{}, session.Worded(err, "%s", doing))

				return
			}

			for _, item := range items {
				found, err := object(item)
				if err != nil {
					yield(Object{}, session.Worded(err, "%s", doing))

					return
				}

				if found != nil && !yield(*found, nil) {
					return
				}
			}

			if next == nil || *next == "" {
				return
			}

			token = next
		}
	}
}

// failed is what there is to list where not even a client can be had.
func failed(err error) Objects {
	return func(yield func(Object, error) bool) { yield(Object{}, err) }
}
