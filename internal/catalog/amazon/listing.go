package amazon

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/inventory"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// bucketSort is what a bucket is called in messages.
const bucketSort = "bucket"

// At is the same login in another region.
func (l Login) At(region string) flavor.Cloud { return Login{Session: l.In(region)} }

// List finds components by the tags of their first object, in the region of the login. What would not be known by what its
// tags say, because it is another region's or was renamed, is passed over.
func (d Driver[C]) List(ctx context.Context, in flavor.Input, _ flavor.Scope) iter.Seq2[flavor.Found, error] {
	return func(yield func(flavor.Found, error) bool) {
		site, err := enter(ctx, in, d.Flavor, "")
		if err != nil {
			yield(flavor.Found{}, err)

			return
		}

		first, err := d.first(ctx, site, "any")
		if err != nil {
			yield(flavor.Found{}, err)

			return
		}

		sort, _, _ := strings.Cut(first.What(), ` "`)

		for one, err := range Owned(ctx, site, sort) {
			if err == nil {
				one, err = d.known(ctx, site, sort, one)
			}

			if err == nil && one.ID == "" {
				continue
			}

			if !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// first is the object that a component of an id is known by.
func (d Driver[C]) first(ctx context.Context, site Site, id string) (part.Part, error) {
	site.looks = true

	parts, err := d.Parts(ctx, site, id, d.Adopt(id))
	if err != nil {
		return nil, Worded(err)
	}

	return parts[0], nil
}

// known finds the id under which the component has the object that was found: the object's name, or its own.
func (d Driver[C]) known(ctx context.Context, site Site, sort string, found flavor.Found) (flavor.Found, error) {
	object := found.ID
	found.ID = ""

	for _, id := range []string{object, found.Name} {
		first, err := d.first(ctx, site, id)
		if err != nil {
			return found, err
		}

		if first.What() == fmt.Sprintf("%s %q", sort, object) {
			found.ID = id

			break
		}
	}

	return found, nil
}

// Owned lists the objects of a sort that bear the marks of a kind and flavor; the ID of each is the object's name.
func Owned(ctx context.Context, site Site, sort string) iter.Seq2[flavor.Found, error] {
	return func(yield func(flavor.Found, error) bool) {
		objects, ok := inventory.Of(ctx, site.Session, sort)
		if !ok {
			yield(flavor.Found{}, fmt.Errorf("nobody knows how to list objects of the sort %q", sort))

			return
		}

		place, err := site.Place(ctx)
		if err != nil {
			yield(flavor.Found{}, Worded(err))

			return
		}

		for object, err := range objects {
			owner, marked := session.Owner(object.Tags)
			if err == nil && (!marked || owner.Kind != site.Claim.Kind || owner.Flavor != site.Claim.Flavor) {
				continue
			}

			found := flavor.Found{ID: object.Name, Name: owner.Name, Region: place.Region, Account: place.Account}
			if sort == bucketSort {
				found.Account = "" // names of buckets are unique in all accounts, and what has one does not tell its own
			}

			if !yield(found, Worded(err)) || err != nil {
				return
			}
		}
	}
}
