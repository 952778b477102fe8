package eks

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// State is what EKS tells of everything that it takes minutes for: clusters, node groups and add-ons.
type State struct {
	ARN, Status string
	Tags        map[string]string
	// Issues are what EKS says of its health.
	Issues []string
}

func (s State) state() State { return s }

func tagsOf[F stated](now F) map[string]string { return now.state().Tags }

// stated is what something is like, whatever else there is to tell of it.
type stated interface{ state() State }

// The states that clusters, node groups and add-ons have alike.
const (
	active   = string(types.ClusterStatusActive)
	creating = string(types.ClusterStatusCreating)
	updating = string(types.ClusterStatusUpdating)
	deleting = string(types.ClusterStatusDeleting)
)

// member is a node group or an add-on; F is what it is like.
type member[F stated] interface {
	object() part.Object[*eks.Client, F]
	// create makes it. false says that it is there.
	create(ctx context.Context, client *eks.Client, claim part.Claim) (bool, error)
	change(ctx context.Context, client *eks.Client, claim part.Claim, now F) error
	// remove deletes it and waits until it is gone.
	remove(ctx context.Context, client *eks.Client) error
}

// begin makes a member, or brings it to what is wanted, without waiting for one that it makes. lost are the states that nothing
// can come of any more: then it is made anew.
func begin[F stated](ctx context.Context, claim part.Claim, of member[F], lost []string) (part.Made, error) {
	object := of.object()

	client, err := object.Open(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if !claim.Known {
		if created, err := of.create(ctx, client, claim); err != nil || created {
			return part.Made{Exists: created}, err
		}
	}

	now, _, err := object.Held(ctx, client, claim)

	switch {
	case errors.Is(err, backend.ErrNotFound):
	case err != nil:
		return part.Made{}, err
	case slices.Contains(lost, now.state().Status):
		if err := of.remove(ctx, client); err != nil {
			return part.Made{Exists: true}, err
		}
	default:
		return part.Made{Exists: true}, of.change(ctx, client, claim, now)
	}

	created, err := of.create(ctx, client, claim)

	return part.Made{Exists: created}, err
}

// settle waits until something is active. pending judges other states: whether that may still come.
func settle[F stated](ctx context.Context, of part.Object[*eks.Client, F], pending func(status string) bool) (F, error) {
	var now F

	client, err := of.Open(ctx)
	if err != nil {
		return now, err
	}

	err = session.Until(ctx, Pace, Pace, func() (bool, error) {
		seen, _, err := of.Get(ctx, client)
		if err != nil {
			return false, err
		}

		now = seen

		if state := now.state(); state.Status != active && !pending(state.Status) {
			return false, fmt.Errorf("wait for %s: it %s", of.What, said(state.Status, state.Issues))
		}

		return now.state().Status == active, nil
	})

	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		how := "is " + now.state().Status
		if issues := now.state().Issues; len(issues) > 0 {
			how = said(now.state().Status, issues)
		}

		err = fmt.Errorf("wait for %s: it %s after the time that there was: %w", of.What, how, err)
	}

	return now, err
}

// observe looks at something; the facts are what it is like. running are the states in which all is well.
func observe[F stated](ctx context.Context, claim part.Claim, of part.Object[*eks.Client, F], running []string) (part.Seen, F, error) {
	seen, now, err := of.Observe(ctx, claim)
	if err != nil {
		return seen, now, err
	}

	seen.Facts, seen.Drift = now, part.Lines(of.What, seen.Drift)

	if state := now.state(); !slices.Contains(running, state.Status) || len(state.Issues) > 0 {
		seen.Drift = append(seen.Drift, of.What+" "+said(state.Status, state.Issues))
	}

	return seen, now, nil
}

// vanish deletes something, as often as that is refused because an update is under way, and waits until it is gone.
func vanish[F stated](ctx context.Context, client *eks.Client, of part.Object[*eks.Client, F], deletion func(now F) error) error {
	return session.Until(ctx, Pace, Pace, func() (bool, error) {
		now, _, err := of.Get(ctx, client)

		switch {
		case errors.Is(err, backend.ErrNotFound):
			return true, nil
		case err != nil:
			return false, err
		case now.state().Status == deleting:
			return false, nil
		}

		err = deletion(now)

		switch {
		case session.Is(err, gone):
			return true, nil
		case session.Is(err, inUse) && !session.Says(err, "attached"): // what is attached to a cluster does not go by itself
			return false, nil
		default:
			return false, session.Worded(err, "delete %s", of.What)
		}
	})
}
