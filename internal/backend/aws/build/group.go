package build

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Group is the log group of a project. CodeBuild makes one with the first build where there is none, which nobody tidies up.
type Group struct {
	Session *session.Session
	// Place says whose it is: tags of groups are known by their ARNs.
	Place policy.Place
	// Project is the name of the project.
	Project string
	// RetentionDays is how long logs are kept; one of the numbers that CloudWatch Logs knows.
	RetentionDays int32
}

var _ part.Part = Group{}

// GroupName is the one where CodeBuild writes the logs of a project.
func GroupName(project string) string { return "/aws/codebuild/" + project }

// What names the group.
func (g Group) What() string { return fmt.Sprintf("log group %q", GroupName(g.Project)) }

func (g Group) name() *string { return aws.String(GroupName(g.Project)) }

func (g Group) arn() *string {
	return aws.String(naming.ARN(g.Place.Partition, "logs", g.Place.Region, g.Place.Account, "log-group:"+GroupName(g.Project)))
}

// Ensure makes the group, or brings it to what is wanted. One that nobody has marked is CodeBuild's, made for the project.
func (g Group) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := g.Session.Logs(ctx)
	if err != nil {
		return part.Made{}, err
	}

	claim.Known = true

	_, err = client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: g.name(), Tags: g.Session.Tags(claim.Marks())})

	switch {
	case err == nil:
		return part.Made{Exists: true}, g.retain(ctx, client)
	case !session.Is(err, "ResourceAlreadyExistsException"):
		return part.Made{}, session.Worded(err, "create log group %q", *g.name())
	}

	tags, err := g.tags(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	if err := claim.Check(g.What(), tags); err != nil {
		return part.Made{}, err
	}

	if err := g.retag(ctx, client, claim, tags); err != nil {
		return part.Made{Exists: true}, err
	}

	return part.Made{Exists: true}, g.retain(ctx, client)
}

func (g Group) retain(ctx context.Context, client *cloudwatchlogs.Client) error {
	_, err := client.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: g.name(), RetentionInDays: aws.Int32(g.RetentionDays)})

	return session.Worded(err, "set how long log group %q keeps its logs", *g.name())
}

// Observe looks at the group; the facts are its days as an int32, 0 where it keeps its logs for good.
func (g Group) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := g.Session.Logs(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	days, err := g.days(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	tags, err := g.tags(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	if err := claim.Check(g.What(), tags); err != nil {
		return part.Seen{}, err
	}

	return part.Seen{Tags: tags, Facts: days, Drift: session.Differences(tags, g.Session.Tags(claim.Owner))}, nil
}

// days reads how long the group keeps its logs. There is no call for one group: those of other projects may have longer
// names that begin with this one's.
func (g Group) days(ctx context.Context, client *cloudwatchlogs.Client) (int32, error) {
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(client, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: g.name()})

	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, session.Worded(err, "read log group %q", *g.name())
		}

		for _, one := range page.LogGroups {
			if aws.ToString(one.LogGroupName) == *g.name() {
				return aws.ToInt32(one.RetentionInDays), nil
			}
		}
	}

	return 0, fmt.Errorf("%s %w", g.What(), backend.ErrNotFound)
}

func (g Group) tags(ctx context.Context, client *cloudwatchlogs.Client) (map[string]string, error) {
	answer, err := client.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: g.arn()})

	switch {
	case session.Is(err, groupNotFound):
		return nil, fmt.Errorf("%s %w", g.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read the tags of log group %q", *g.name())
	}

	return answer.Tags, nil
}

const groupNotFound = "ResourceNotFoundException"

func (g Group) retag(ctx context.Context, client *cloudwatchlogs.Client, claim part.Claim, found map[string]string) error {
	return claim.Retag(g.What(), found, g.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.TagResource(ctx, &cloudwatchlogs.TagResourceInput{ResourceArn: g.arn(), Tags: tags})

		return err
	}, func(keys []string) error {
		_, err := client.UntagResource(ctx, &cloudwatchlogs.UntagResourceInput{ResourceArn: g.arn(), TagKeys: keys})

		return err
	})
}

// Remove deletes the group with its logs.
func (g Group) Remove(ctx context.Context, claim part.Claim) error {
	client, err := g.Session.Logs(ctx)
	if err != nil {
		return err
	}

	tags, err := g.tags(ctx, client)
	if ours, err := claim.Mine(tags, err); !ours {
		return err
	}

	_, err = client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: g.name()})

	return session.Worded(session.Except(err, groupNotFound), "delete log group %q", *g.name())
}

// Released is a group that the component looks after no longer: it keeps its logs for good.
type Released struct{ Group }

// Ensure takes the limit off.
func (r Released) Ensure(ctx context.Context, _ part.Claim) (part.Made, error) {
	client, err := r.Session.Logs(ctx)
	if err != nil {
		return part.Made{}, err
	}

	_, err = client.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: r.name()})

	return part.Made{}, session.Worded(session.Except(err, groupNotFound), "have log group %q keep its logs", *r.name())
}

// Observe does not look.
func (Released) Observe(context.Context, part.Claim) (part.Seen, error) {
	return part.Seen{Absent: true}, nil
}

// Remove leaves it.
func (Released) Remove(context.Context, part.Claim) error { return nil }
