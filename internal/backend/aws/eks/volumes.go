package eks

import (
	"context"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Either is a role with the first set of policies, or with the second one where AWS does not have the first.
type Either struct{ First, Second role.Role }

var _ part.Part = Either{}

// What names the role.
func (e Either) What() string { return e.First.What() }

// Ensure makes the role, or brings it to what is wanted.
func (e Either) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	made, err := e.First.Ensure(ctx, claim)
	if !session.Is(err, noSuchEntity) {
		return made, err
	}

	return e.Second.Ensure(ctx, claim)
}

// Observe looks at the role: it is as wanted with either set.
func (e Either) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, err := e.First.Observe(ctx, claim)
	if err != nil || len(seen.Drift) == 0 {
		return seen, err
	}

	other, err := e.Second.Observe(ctx, claim)
	if err != nil || len(other.Drift) < len(seen.Drift) {
		return other, err
	}

	return seen, nil
}

// Remove deletes the role with whatever is attached to it.
func (e Either) Remove(ctx context.Context, claim part.Claim) error {
	return e.First.Remove(ctx, claim)
}
