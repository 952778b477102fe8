package database

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

const (
	deleting = "deleting"

	// An instance takes minutes for anything, and each look is a call.
	shortest = 2 * time.Second
	longest  = 20 * time.Second
)

// usable are the states in which an instance serves and takes changes; dead are those that nothing but somebody's help ends.
var (
	usable = []string{"available", "storage-optimization"}
	dead   = []string{
		"failed", "inaccessible-encryption-credentials", "incompatible-create", "incompatible-credentials", "incompatible-network",
		"incompatible-option-group", "incompatible-parameters", "incompatible-restore", "insufficient-capacity", "restore-error",
		"stopped", "storage-full", deleting,
	}
)

func ready(live *types.DBInstance) bool {
	return slices.Contains(usable, aws.ToString(live.DBInstanceStatus))
}

// wait looks until the instance can be used, and where that is asked for until no change waits any more. It returns the last
// look even beside an error.
func (i instance) wait(ctx context.Context, client *rds.Client, whole bool) (live *types.DBInstance, err error) {
	status := "not there yet"

	err = session.Until(ctx, i.pause(), longest, func() (bool, error) {
		found, err := i.get(ctx, client)
		if err != nil {
			return false, err
		}

		live, status = found, aws.ToString(found.DBInstanceStatus)

		if slices.Contains(dead, status) {
			return false, &RefusedError{
				Err: fmt.Errorf("%s is %s", i.What(), status),
				Fix: "Look at the events of the instance in the console of RDS, start it or repair it there, then apply again.",
			}
		}

		return ready(found) && (!whole || !waiting(found)), nil
	})
	if ctx.Err() != nil && err != nil {
		err = &RefusedError{
			Err: fmt.Errorf("%s is still %s: %w", i.What(), status, ctx.Err()),
			Fix: "AWS goes on with it. Apply again later, with more time in timeouts. Where Terraform wants to replace a new database for this alone, " +
				"take the mark off it first: terraform untaint.",
		}
	}

	return live, err
}

// waiting says that changes are yet to be made.
func waiting(live *types.DBInstance) bool {
	p := live.PendingModifiedValues

	return p != nil && (p.DBInstanceClass != nil || p.AllocatedStorage != nil || p.MultiAZ != nil || p.BackupRetentionPeriod != nil || p.EngineVersion != nil)
}

// waitGone looks until the instance is gone, and then returns backend.ErrNotFound.
func (i instance) waitGone(ctx context.Context, client *rds.Client) error {
	return session.Until(ctx, i.pause(), longest, func() (bool, error) {
		_, err := i.get(ctx, client)

		return false, err
	})
}

func (i instance) pause() time.Duration {
	if i.Pause > 0 {
		return i.Pause
	}

	return shortest
}

func isGone(err error) bool { return errors.Is(err, backend.ErrNotFound) }
