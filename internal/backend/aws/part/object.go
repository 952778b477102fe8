package part

import (
	"context"
	"errors"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Object is how one object in AWS is got at. C is the client of its service, L what the service tells of the object.
type Object[C, L any] struct {
	// What names it in messages.
	What string
	// Session is the login; it knows which tags the object should have.
	Session *session.Session
	// Open returns the client.
	Open func(ctx context.Context) (C, error)
	// Get reads the object and its tags: backend.ErrNotFound when AWS says that it is gone.
	Get func(ctx context.Context, client C) (live L, tags map[string]string, err error)
}

// Tagged is a Get of a call that tells the tags along with the rest.
func Tagged[C, L any](
	get func(ctx context.Context, client C) (L, error), tags func(live L) map[string]string,
) func(ctx context.Context, client C) (L, map[string]string, error) {
	return func(ctx context.Context, client C) (live L, found map[string]string, err error) {
		live, err = get(ctx, client)
		if err == nil {
			found = tags(live)
		}

		return live, found, err
	}
}

// Ensure makes the object, or changes it where it is there and the claimant's. What the state has is looked for before it is
// made, everything else afterwards. Of create, false says that the name is taken, and true beside an error that the object is
// there, but not whole.
func (o Object[C, L]) Ensure(
	ctx context.Context, claim Claim,
	create func(ctx context.Context, client C, claim Claim) (made bool, err error),
	change func(ctx context.Context, client C, claim Claim, live L, tags map[string]string) error,
) (Made, error) {
	client, err := o.Open(ctx)
	if err != nil {
		return Made{}, err
	}

	changed := func() (Made, error) {
		live, tags, err := o.Held(ctx, client, claim)
		if err != nil {
			return Made{}, err
		}

		return Made{Exists: true}, change(ctx, client, claim, live, tags)
	}

	if claim.Known {
		if made, err := changed(); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	if made, err := create(ctx, client, claim); made || err != nil {
		return Made{Exists: made}, err
	}

	return changed()
}

// Held reads the object and its tags, and refuses one that is not the claimant's.
func (o Object[C, L]) Held(ctx context.Context, client C, claim Claim) (live L, tags map[string]string, err error) {
	live, tags, err = o.Get(ctx, client)
	if err == nil {
		err = claim.Check(o.What, tags)
	}

	return live, tags, err
}

// Observe looks at the object: what is seen lacks facts, and of drift has what differs in tags.
func (o Object[C, L]) Observe(ctx context.Context, claim Claim) (seen Seen, live L, err error) {
	client, err := o.Open(ctx)
	if err != nil {
		return Seen{}, live, err
	}

	live, tags, err := o.Held(ctx, client, claim)
	if err != nil {
		return Seen{}, live, err
	}

	return Seen{Tags: tags, Drift: session.Differences(tags, o.Session.Tags(claim.Owner))}, live, nil
}

// Remove has the object deleted where it is the claimant's.
func (o Object[C, L]) Remove(ctx context.Context, claim Claim, deletion func(ctx context.Context, client C, live L) error) error {
	client, err := o.Open(ctx)
	if err != nil {
		return err
	}

	live, tags, err := o.Get(ctx, client)
	if ours, err := claim.Mine(tags, err); !ours {
		return err
	}

	return deletion(ctx, client, live)
}

// Mine says whether what was looked at is there and the claimant's, by its tags and by the error of looking: what is gone or
// somebody else's is no error.
func (c Claim) Mine(tags map[string]string, err error) (bool, error) {
	switch {
	case Kept(err):
		return false, nil
	case err != nil:
		return false, err
	default:
		return c.Owns(tags), nil
	}
}

// Retag brings the tags of an object to what is wanted. Those that others have put there stay. put and drop are called where
// there is something to put on or to take off.
func (c Claim) Retag(what string, found, wanted map[string]string, put func(tags map[string]string) error, drop func(keys []string) error) error {
	changed, gone := session.Changes(found, c.Former, wanted)

	if len(gone) > 0 {
		if err := drop(gone); err != nil {
			return session.Worded(err, "take tags off %s", what)
		}
	}

	if len(changed) > 0 {
		return session.Worded(put(changed), "tag %s", what)
	}

	return nil
}

// Lines says of each line what it is about.
func Lines(what string, lines []string) []string {
	for i := range lines {
		lines[i] = what + ": " + lines[i]
	}

	return lines
}
