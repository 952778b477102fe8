package database

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// instance is the database server.
type instance struct{ *Database }

var noInstance = []string{"DBInstanceNotFound", "DBInstanceNotFoundFault"}

// Ensure makes the instance, or brings it to what is wanted, and waits until it can be used.
func (i instance) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := i.Session.RDS(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if claim.Known {
		if made, err := i.change(ctx, client, claim); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	for {
		_, err = client.CreateDBInstance(ctx, i.wish(claim))

		switch {
		case session.Is(err, "DBInstanceAlreadyExists", "DBInstanceAlreadyExistsFault"):
			made, err := i.change(ctx, client, claim)
			if errors.Is(err, backend.ErrNotFound) { // the one that was there was just being deleted
				continue
			}

			return made, err
		case err != nil:
			return part.Made{}, session.Worded(err, "create %s", i.What())
		}

		live, err := i.wait(ctx, client, false)
		i.tell(live)

		return part.Made{Exists: true}, err
	}
}

// wish is what a new instance is asked for. The password is made and kept by AWS.
func (i instance) wish(claim part.Claim) *rds.CreateDBInstanceInput {
	want := i.Settings

	in := &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String(i.Identifier), Engine: aws.String(want.Engine), EngineVersion: aws.String(want.Version),
		DBInstanceClass: aws.String(want.Class), StorageType: aws.String("gp3"), AllocatedStorage: aws.Int32(want.StorageGB),
		MultiAZ: aws.Bool(want.MultiAZ), DBName: aws.String(want.Database), MasterUsername: aws.String(want.Username),
		ManageMasterUserPassword: aws.Bool(true), DBSubnetGroupName: aws.String(i.beside()), VpcSecurityGroupIds: []string{i.Found.GroupID},
		PubliclyAccessible: aws.Bool(want.Public), StorageEncrypted: aws.Bool(true), BackupRetentionPeriod: aws.Int32(want.BackupDays),
		DeletionProtection: aws.Bool(want.Protected), AutoMinorVersionUpgrade: aws.Bool(want.AutoMinor), CopyTagsToSnapshot: aws.Bool(true),
		Tags: tagList(i.Session.Tags(claim.Marks())),
	}

	if want.Version == "" {
		in.EngineVersion = aws.String(Version(want.Engine))
	}

	if want.KMSKey != "" {
		in.KmsKeyId = aws.String(want.KMSKey)
	}

	if want.MaxStorageGB > want.StorageGB {
		in.MaxAllocatedStorage = aws.Int32(want.MaxStorageGB)
	}

	return in
}

func (i instance) get(ctx context.Context, client *rds.Client) (*types.DBInstance, error) {
	answer, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: aws.String(i.Identifier)})

	switch {
	case session.Is(err, noInstance...):
		return nil, fmt.Errorf("%s %w: %w", i.What(), backend.ErrNotFound, session.Worded(err, "read %s", i.What()))
	case err != nil:
		return nil, session.Worded(err, "read %s", i.What())
	case len(answer.DBInstances) != 1:
		return nil, fmt.Errorf("read %s: AWS told of %d", i.What(), len(answer.DBInstances))
	}

	return &answer.DBInstances[0], nil
}

func (i instance) object() part.Object[*rds.Client, *types.DBInstance] {
	return part.Object[*rds.Client, *types.DBInstance]{
		What: i.What(), Session: i.Session, Open: i.Session.RDS,
		Get: part.Tagged(i.get, func(live *types.DBInstance) map[string]string { return tagMap(live.TagList) }),
	}
}

// change brings an instance that is there to what is wanted.
func (i instance) change(ctx context.Context, client *rds.Client, claim part.Claim) (part.Made, error) {
	live, tags, err := i.object().Held(ctx, client, claim)
	if err != nil {
		return part.Made{}, err
	}

	if aws.ToString(live.DBInstanceStatus) == deleting {
		return part.Made{}, i.waitGone(ctx, client)
	}

	made := part.Made{Exists: true}
	i.tell(live)

	if err := i.retag(ctx, client, claim, i.What(), live.DBInstanceArn, tags); err != nil {
		return made, err
	}

	in, changed, err := i.difference(live)
	if err != nil {
		return made, err
	}

	if shrunk := i.shrunk(live); shrunk != "" {
		made.Notices = append(made.Notices, shrunk)
	}

	if !changed && ready(live) {
		return made, nil
	}

	if live, err = i.wait(ctx, client, false); err != nil || !changed {
		i.tell(live)

		return made, err
	}

	if _, err := client.ModifyDBInstance(ctx, in); err != nil {
		return made, session.Worded(err, "change %s", i.What())
	}

	live, err = i.wait(ctx, client, i.Settings.Immediately)
	i.tell(live)

	return made, err
}

// Observe looks at the instance; the facts are an Observed.
func (i instance) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := i.object().Observe(ctx, claim)
	if err != nil {
		return seen, err
	}

	i.tell(live)

	seen.Facts = *i.Found
	seen.Drift = append(part.Lines(i.What(), seen.Drift), i.unusual(live)...)

	return seen, nil
}

// anchor is the instance as what a database is known by. One that is gone while its subnet group is still there has left
// something behind that is to be looked after.
type anchor struct{ instance }

// Observe looks at the instance; the facts are an Observed, and there are none where it is gone.
func (a anchor) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, err := a.instance.Observe(ctx, claim)
	if !errors.Is(err, backend.ErrNotFound) {
		return seen, err
	}

	left, missing := subnets{a.Database}.Observe(ctx, claim)

	switch {
	case part.Kept(missing):
		return seen, err
	case missing != nil:
		return seen, missing
	}

	return part.Seen{Tags: left.Tags, Drift: []string{a.What() + " does not exist"}}, nil
}

// unusual says what differs and is no attribute.
func (i instance) unusual(live *types.DBInstance) []string {
	var drift []string

	if live.MasterUserSecret == nil {
		drift = append(drift, i.What()+" has a password that AWS does not look after")
	}

	if !aws.ToBool(live.CopyTagsToSnapshot) {
		drift = append(drift, i.What()+" does not hand its tags on to snapshots")
	}

	return drift
}
