package bucket

import (
	"context"
	"fmt"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Bucket is a bucket as a component wants it.
type Bucket struct {
	Session  *session.Session
	Endpoint string
	Name     string
	Settings Settings
	// Force deletes what is in it with it.
	Force bool
}

var _ part.Part = Bucket{}

// What names the bucket.
func (b Bucket) What() string { return fmt.Sprintf("bucket %q", b.Name) }

func (b Bucket) store(ctx context.Context) (*Store, error) { return Of(ctx, b.Session, b.Endpoint) }

// Ensure makes the bucket, or brings it to what is wanted.
func (b Bucket) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	store, err := b.store(ctx)
	if err != nil {
		return part.Made{}, err
	}

	want := b.Settings
	want.Tags = b.Session.Tags(claim.Marks())

	if claim.Known { // the state has it, and there is nothing to make
		return b.change(ctx, store, claim, want)
	}

	made, err := store.Create(ctx, b.Name, want.Tags)

	switch {
	case err != nil && !made:
		return part.Made{}, err
	case err != nil:
		return part.Made{Exists: true}, err
	case !made:
		return b.change(ctx, store, claim, want)
	}

	lacks, err := store.Furnish(ctx, b.Name, want)

	return part.Made{Exists: true, Notices: Lacking(lacks)}, err
}

func (b Bucket) change(ctx context.Context, store *Store, claim part.Claim, want Settings) (part.Made, error) {
	tags, err := b.held(ctx, store, claim)
	if err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}
	store.believes = true

	if merged, changed := session.Retagged(tags, claim.Former, want.Tags); changed {
		if err := store.Tag(ctx, b.Name, merged); err != nil {
			return made, err
		}
	}

	lacks, err := store.Change(ctx, b.Name, want)
	made.Notices = Lacking(lacks)

	return made, err
}

// held reads the tags of a bucket, and refuses one that is not the claimant's.
func (b Bucket) held(ctx context.Context, store *Store, claim part.Claim) (map[string]string, error) {
	tags, err := store.Tags(ctx, b.Name)
	if err == nil {
		err = claim.Check(b.What(), tags)
	}

	return tags, err
}

// Observe looks at the bucket; the facts are an Observed.
func (b Bucket) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	store, err := b.store(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	tags, err := b.held(ctx, store, claim)
	if err != nil {
		return part.Seen{}, err
	}

	found, err := store.Observe(ctx, b.Name, b.Settings)
	found.Tags = tags

	seen := part.Seen{Tags: tags, Facts: found}
	if !store.untagged {
		seen.Drift = session.Differences(tags, b.Session.Tags(claim.Owner))
	}

	if !found.Enforced {
		seen.Drift = append(seen.Drift, b.What()+" lets others own the objects that they write: ownership is not enforced")
	}

	return seen, err
}

// Remove deletes the bucket.
func (b Bucket) Remove(ctx context.Context, claim part.Claim) error {
	store, err := b.store(ctx)
	if err != nil {
		return err
	}

	tags, err := store.Tags(ctx, b.Name)
	if ours, err := claim.Mine(tags, err); !ours {
		return err
	}

	return store.Remove(ctx, b.Name, b.Force)
}
