package watch

import (
	"context"
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

func (g LogGroup) object() part.Object[*cloudwatchlogs.Client, *types.LogGroup] {
	return part.Object[*cloudwatchlogs.Client, *types.LogGroup]{What: g.What(), Session: g.Session, Open: g.Session.Logs, Get: g.get}
}

// Ensure makes the group, or brings it to what is wanted.
func (g LogGroup) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return g.object().Ensure(ctx, claim, g.create, g.change)
}

func (g LogGroup) create(ctx context.Context, client *cloudwatchlogs.Client, claim part.Claim) (bool, error) {
	in := &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(g.Name), Tags: g.Session.Tags(claim.Marks())}
	if g.KMSKey != "" {
		in.KmsKeyId = aws.String(g.KMSKey)
	}

	_, err := client.CreateLogGroup(ctx, in)

	switch {
	case session.Is(err, "ResourceAlreadyExistsException"):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create %s", g.What())
	case g.Retention == 0: // a new one keeps events for ever
		return true, nil
	default:
		return true, g.keep(ctx, client)
	}
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

		tags, err := client.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: arn(found)})
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
func arn(group *types.LogGroup) *string {
	return aws.String(strings.TrimSuffix(aws.ToString(group.Arn), ":*"))
}

func (g LogGroup) change(ctx context.Context, client *cloudwatchlogs.Client, claim part.Claim, live *types.LogGroup, tags map[string]string) error {
	if err := g.retag(ctx, client, claim, arn(live), tags); err != nil {
		return err
	}

	if aws.ToInt32(live.RetentionInDays) != g.Retention {
		if err := g.keep(ctx, client); err != nil {
			return err
		}
	}

	var err error

	switch g.KMSKey {
	case aws.ToString(live.KmsKeyId):
	case "":
		_, err = client.DisassociateKmsKey(ctx, &cloudwatchlogs.DisassociateKmsKeyInput{LogGroupName: aws.String(g.Name)})
	default:
		_, err = client.AssociateKmsKey(ctx, &cloudwatchlogs.AssociateKmsKeyInput{LogGroupName: aws.String(g.Name), KmsKeyId: aws.String(g.KMSKey)})
	}

	return session.Worded(err, "set the key of %s", g.What())
}

func (g LogGroup) retag(ctx context.Context, client *cloudwatchlogs.Client, claim part.Claim, arn *string, found map[string]string) error {
	return claim.Retag(g.What(), found, g.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: arn, Tags: tags})

		return err
	}, func(keys []string) error {
		_, err := client.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: arn, TagKeys: keys})

		return err
	})
}

// Observe looks at the group; the facts are Logs.
func (g LogGroup) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := g.object().Observe(ctx, claim)
	if err == nil {
		seen.Facts = Logs{Retention: aws.ToInt32(live.RetentionInDays), KMSKey: aws.ToString(live.KmsKeyId)}
	}

	return seen, err
}

// Remove deletes the group. One that was ever written to holds data.
func (g LogGroup) Remove(ctx context.Context, claim part.Claim) error {
	return g.object().Remove(ctx, claim, g.delete)
}

func (g LogGroup) delete(ctx context.Context, client *cloudwatchlogs.Client, _ *types.LogGroup) error {
	if !g.Force {
		streams, err := client.DescribeLogStreams(ctx, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(g.Name), Limit: aws.Int32(1)})
		if err != nil && !session.Is(err, noResource) {
			return session.Worded(err, "look into %s", g.What())
		}

		if err == nil && len(streams.LogStreams) > 0 {
			return fmt.Errorf("%s %w", g.What(), backend.ErrHoldsData)
		}
	}

	_, err := client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(g.Name)})

	return session.Worded(session.Except(err, noResource), "delete %s", g.What())
}
