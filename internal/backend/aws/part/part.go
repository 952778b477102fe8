// Package part is what every object in AWS that a component consists of has in common: it is made or taken over, looked at,
// brought to what is wanted, and removed, and its tags say whose it is.
package part

import (
	"context"
	"errors"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Part is one object in AWS as it is wanted: a bucket, a role, a project. It is for one operation.
type Part interface {
	// What names it in messages, such as role "trainer".
	What() string
	// Ensure makes it where it is not there, and otherwise brings it to what is wanted where it is the claimant's: tags
	// included, so that it is of the claim's incarnation from then on. It finds its own object again when the answer to its
	// creation was lost.
	Ensure(ctx context.Context, claim Claim) (Made, error)
	// Observe looks at it: backend.ErrNotFound when AWS says that it is gone, backend.ErrForeign when it belongs to
	// somebody else. Nothing is changed.
	Observe(ctx context.Context, claim Claim) (Seen, error)
	// Remove deletes it. It returns nil when it is gone or belongs to somebody else, who keeps it.
	Remove(ctx context.Context, claim Claim) error
}

// ErrElsewhere says that what has a name is in another account: there is no taking it over.
var ErrElsewhere = errors.New("is in another account")

// Claim is who says that an object is theirs: the owner as it is to be from now on.
type Claim struct {
	backend.Owner

	// Was is the name that objects know their owner by; empty for any.
	Was string

	// Known says that the state has the object: then it is the claimant's even if its tags were taken off.
	Known bool
	// Anyone says that it does not matter whose an object is: it is looked at and never changed.
	Anyone bool
	// Fresh is the incarnation that objects are given; that of Owner is the one that they are known by, and empty before
	// anything is known of them.
	Fresh string
	// Former are the labels that an object may still have as tags and that are wanted no longer.
	Former map[string]string
}

// Made is what there is to say of an object that was made, or taken over.
type Made struct {
	// Exists says that it is there and the claimant's, even where it is not whole.
	Exists bool
	// Notices are what the user should know, each a full sentence.
	Notices []string
}

// Seen is what an object is like.
type Seen struct {
	// Tags are all of its tags.
	Tags map[string]string
	// Drift says, a line each, what differs from what is wanted and is no attribute of the component.
	Drift []string
	// Absent says that there is nothing of it, without that being an error: it is not wanted, or it is many objects and all
	// of them are gone.
	Absent bool
	// Facts are what the flavor reads into attributes; their type is the part's.
	Facts any
}

// Owns says whether an object with these tags is the claimant's.
func (c Claim) Owns(tags map[string]string) bool {
	if c.Anyone {
		return true
	}

	if _, marked := session.Owner(tags); !marked {
		return c.Known
	}

	owner := c.Owner
	owner.Name = c.Was

	return session.Belongs(tags, owner)
}

// Check refuses an object that is not the claimant's, with whose it is.
func (c Claim) Check(what string, tags map[string]string) error {
	if c.Owns(tags) {
		return nil
	}

	return session.Foreign(what, tags)
}

// Marks is the owner that the tags of an object are to name.
func (c Claim) Marks() backend.Owner {
	owner := c.Owner
	owner.Incarnation = c.Fresh

	return owner
}

// Kept says of the error of looking at an object that it is to be left alone: it is gone, or somebody else's.
func Kept(err error) bool {
	return errors.Is(err, backend.ErrNotFound) || errors.Is(err, backend.ErrForeign)
}
