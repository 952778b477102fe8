package database

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Remove deletes the instance with the secret of its user, and waits until it is gone. A last snapshot stays.
func (i instance) Remove(ctx context.Context, claim part.Claim) error {
	client, err := i.Session.RDS(ctx)
	if err != nil {
		return err
	}

	live, err := i.get(ctx, client)

	switch {
	case isGone(err):
		return nil
	case err != nil:
		return err
	case !claim.Owns(tagMap(live.TagList)):
		return nil
	case aws.ToString(live.DBInstanceStatus) == deleting:
		return i.gone(ctx, client)
	case i.Settings.Protected:
		return i.protected("")
	}

	if err := i.drop(ctx, client, live); err != nil {
		return err
	}

	return i.gone(ctx, client)
}

// drop asks for the deletion, as soon as the instance is in a state for it.
func (i instance) drop(ctx context.Context, client *rds.Client, live *types.DBInstance) error {
	in := &rds.DeleteDBInstanceInput{DBInstanceIdentifier: aws.String(i.Identifier), SkipFinalSnapshot: aws.Bool(i.Settings.SkipSnapshot)}
	if !i.Settings.SkipSnapshot {
		in.FinalDBSnapshotIdentifier = aws.String(i.snapshot(live))
	}

	err := session.Until(ctx, i.pause(), longest, func() (bool, error) {
		_, err := client.DeleteDBInstance(ctx, in)
		if session.Is(err, "InvalidDBInstanceState", "InvalidDBInstanceStateFault") { // busy, or an answer was lost and it is being deleted
			return false, nil
		}

		return true, err
	})

	switch {
	case session.Is(err, noInstance...):
		return nil
	case session.Is(err, "InvalidParameterCombination") && session.Says(err, "protect"):
		return i.protected(err.Error())
	case session.Is(err, "DBSnapshotAlreadyExists", "DBSnapshotAlreadyExistsFault"):
		return &RefusedError{
			Attribute: "final_snapshot_identifier", Err: session.Worded(err, "delete %s", i.What()),
			Fix: "Name another snapshot, apply that, and destroy again. Or delete the one that is there, if nobody needs it.",
		}
	default:
		return session.Worded(err, "delete %s", i.What())
	}
}

// protected refuses to delete what is protected.
func (i instance) protected(said string) error {
	text := ""
	if said != "" {
		text = ": " + said
	}

	return &RefusedError{
		Attribute: "deletion_protection", Err: fmt.Errorf("%s %w, and is protected from deletion%s", i.What(), backend.ErrHoldsData, text),
		Fix: "Nothing was deleted. Set deletion_protection = false, apply that, and destroy again: a last snapshot is taken unless skip_final_snapshot = true. " +
			"Where the database is to be replaced only because its creation was interrupted, take the mark off it: terraform untaint.",
	}
}

// snapshot is the name of the last one. The time when the instance was made tells those of its namesakes apart, and is the
// same in each attempt.
func (i instance) snapshot(live *types.DBInstance) string {
	if i.Settings.Snapshot != "" {
		return i.Settings.Snapshot
	}

	name := i.Identifier + "-final"
	if live.InstanceCreateTime != nil {
		name += "-" + live.InstanceCreateTime.UTC().Format("20060102-150405")
	}

	return name
}

func (i instance) gone(ctx context.Context, client *rds.Client) error {
	if err := i.waitGone(ctx, client); !isGone(err) {
		return fmt.Errorf("wait until %s is deleted: %w", i.What(), err)
	}

	return nil
}

// Identifier is that of a component's database where none is named.
func Identifier(component string) string { return naming.Derived(naming.ForDatabase, component) }
