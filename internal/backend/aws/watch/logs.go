package watch

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// LogGroup is a log group as a component wants it.
type LogGroup struct {
	Session *session.Session
	Name    string
	// Retention is how many days events are kept; 0: for ever.
	Retention int32
	// KMSKey encrypts events; empty: a key of CloudWatch's own.
	KMSKey string
	// Force deletes the events with the group.
	Force bool
}

// Logs are what a log group is like.
type Logs struct {
	Retention int32
	KMSKey    string
}

const noResource = "ResourceNotFoundException"

var _ part.Part = LogGroup{}

// What names the group.
func (g LogGroup) What() string { return fmt.Sprintf("log group %q", g.Name) }

// Ensure makes the group, or brings it to what is wanted.
func (g LogGroup) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := g.Session.Logs(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if claim.Known {
		if made, err := g.change(ctx, client, claim); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	in := &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(g.Name), Tags: g.Session.Tags(claim.Marks())}
	if g.KMSKey != "" {
		in.KmsKeyId = aws.String(g.KMSKey)
	}

	_, err = client.CreateLogGroup(ctx, in)

	switch {
	case session.Is(err, "ResourceAlreadyExistsException"):
		return g.change(ctx, client, claim)
	case err != nil:
		return part.Made{}, session.Worded(err, "create %s", g.What())
	}

	made := part.Made{Exists: true}
	if g.Retention == 0 { // a new one keeps events for ever
		return made, nil
	}

	return made, g.keep(ctx, client)
}

func (g LogGroup) keep(ctx context.Context, client *cloudwatchlogs.Client) error {
	var err error

	if g.Retention == 0 {
		_, err = client.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: aws.String(g.Name)})
	} else {
		_, err = client.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{
			LogGroupName: aws.String(g.Name), RetentionInDays: aws.Int32(g.Retention),
		})
	}

	return session.Worded(err, "set how long %s keeps events", g.What())
}

// get finds the group among those whose names begin alike; the shortest name is the first.
func (g LogGroup) get(ctx context.Context, client *cloudwatchlogs.Client) (*types.LogGroup, map[string]string, error) {
	answer, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(g.Name)})
	if err != nil {
		return nil, nil, session.Worded(err, "look for %s", g.What())
	}

	for i := range answer.LogGroups {
		found := &answer.LogGroups[i]
		if aws.ToString(found.LogGroupName) != g.Name {
			continue
		}

		tags, err := client.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String(arn(found))})
		if session.Is(err, noResource) {
			break
		}

		if err != nil {
			return nil, nil, session.Worded(err, "read the tags of %s", g.What())
		}

		return found, tags.Tags, nil
	}

	return nil, nil, fmt.Errorf("%s %w", g.What(), backend.ErrNotFound)
}

// arn is that of a group as those calls want it that are about tags: without the star for its streams.
func arn(group *types.LogGroup) string { return strings.TrimSuffix(aws.ToString(group.Arn), ":*") }

func (g LogGroup) change(ctx context.Context, client *cloudwatchlogs.Client, claim part.Claim) (part.Made, error) {
	live, tags, err := g.get(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	if err := claim.Check(g.What(), tags); err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}
	if err := g.retag(ctx, client, arn(live), tags, claim); err != nil {
		return made, err
	}

	if aws.ToInt32(live.RetentionInDays) != g.Retention {
		if err := g.keep(ctx, client); err != nil {
			return made, err
		}
	}

	if aws.ToString(live.KmsKeyId) == g.KMSKey {
		return made, nil
	}

	if g.KMSKey == "" {
		_, err = client.DisassociateKmsKey(ctx, &cloudwatchlogs.DisassociateKmsKeyInput{LogGroupName: aws.String(g.Name)})
	} else {
		_, err = client.AssociateKmsKey(ctx, &cloudwatchlogs.AssociateKmsKeyInput{LogGroupName: aws.String(g.Name), KmsKeyId: aws.String(g.KMSKey)})
	}

	return made, session.Worded(err, "set the key of %s", g.What())
}

func (g LogGroup) retag(ctx context.Context, client *cloudwatchlogs.Client, arn string, found map[string]string, claim part.Claim) error {
	put, gone := split(found, claim.Former, g.Session.Tags(claim.Marks()))

	if len(put) > 0 {
		if _, err := client.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: aws.String(arn), Tags: put}); err != nil {
			return session.Worded(err, "tag %s", g.What())
		}
	}

	if len(gone) > 0 {
		if _, err := client.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: aws.String(arn), TagKeys: gone}); err != nil {
			return session.Worded(err, "take tags off %s", g.What())
		}
	}

	return nil
}

// Observe looks at the group; the facts are Logs.
func (g LogGroup) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := g.Session.Logs(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	live, tags, err := g.get(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	if err := claim.Check(g.What(), tags); err != nil {
		return part.Seen{}, err
	}

	return part.Seen{
		Tags: tags, Facts: Logs{Retention: aws.ToInt32(live.RetentionInDays), KMSKey: aws.ToString(live.KmsKeyId)},
		Drift: session.Differences(tags, g.Session.Tags(claim.Owner)),
	}, nil
}

// Remove deletes the group. One that was ever written to holds data.
func (g LogGroup) Remove(ctx context.Context, claim part.Claim) error {
	client, err := g.Session.Logs(ctx)
	if err != nil {
		return err
	}

	_, tags, err := g.get(ctx, client)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil
	case err != nil:
		return err
	case !claim.Owns(tags):
		return nil
	}

	if !g.Force {
		streams, err := client.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(g.Name), Limit: aws.Int32(1)})
		if err != nil && !session.Is(err, noResource) {
			return session.Worded(err, "look into %s", g.What())
		}

		if err == nil && len(streams.LogStreams) > 0 {
			return fmt.Errorf("%s %w", g.What(), backend.ErrHoldsData)
		}
	}

	_, err = client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(g.Name)})
	if session.Is(err, noResource) {
		return nil
	}

	return session.Worded(err, "delete %s", g.What())
}
