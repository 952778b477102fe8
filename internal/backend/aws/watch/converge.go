package watch

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Told is who is told by the alarms.
type Told struct{ Actions []string }

// Ensure makes the alarms, brings them to what is wanted, and deletes those that are wanted no longer. Writing one that is
// there is no error, so that they are looked at first.
func (a Alarms) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	wanted := a.wanted()
	if len(wanted) == 0 && !claim.Known {
		return part.Made{}, nil
	}

	client, err := a.Session.CloudWatch(ctx)
	if err != nil {
		return part.Made{}, err
	}

	found, tags, err := a.live(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	made := part.Made{}

	for _, one := range wanted {
		live, there := found[one.name]
		if there {
			if err := claim.Check(fmt.Sprintf("alarm %q", one.name), tags[one.name]); err != nil {
				return made, err
			}
		}

		if err := a.put(ctx, client, claim, one, live, there, tags[one.name]); err != nil {
			return made, err
		}

		made.Exists = true

		delete(found, one.name)
	}

	return made, a.drop(ctx, client, claim, found, tags)
}

// put writes an alarm where it is not as it is wanted. Tags of one that is there are a matter of their own.
func (a Alarms) put(
	ctx context.Context, client *cloudwatch.Client, claim part.Claim, one failures, live types.MetricAlarm, there bool, found map[string]string,
) error {
	in, wanted := a.wish(one), a.Session.Tags(claim.Marks())
	what := fmt.Sprintf("alarm %q", one.name)

	if !there {
		in.Tags = tagList(wanted)
	}

	if !there || differs(live, in) || !slices.Equal(live.AlarmActions, a.Actions) {
		if _, err := client.PutMetricAlarm(ctx, in); err != nil {
			return session.Worded(err, "write %s", what)
		}
	}

	if !there {
		return nil
	}

	return claim.Retag(what, found, wanted, func(tags map[string]string) error {
		_, err := client.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: live.AlarmArn, Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagResource(ctx, &cloudwatch.UntagResourceInput{ResourceARN: live.AlarmArn, TagKeys: keys})

		return err
	})
}

// drop deletes alarms that bear the claimant's tags. One without any is somebody else's: of those that are wanted no longer
// nothing else says that they were ours.
func (a Alarms) drop(
	ctx context.Context, client *cloudwatch.Client, claim part.Claim, found map[string]types.MetricAlarm, tags map[string]map[string]string,
) error {
	var names []string

	for _, name := range slices.Sorted(maps.Keys(found)) {
		if _, marked := session.Owner(tags[name]); marked && claim.Owns(tags[name]) {
			names = append(names, name)
		}
	}

	const most = 100 // in one call

	for batch := range slices.Chunk(names, most) {
		_, err := client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: batch})
		if err != nil && !session.Is(err, "ResourceNotFound", noResource) {
			return session.Worded(err, "delete %s", a.What())
		}
	}

	return nil
}

// Observe looks at the alarms; the facts are who is Told, as the first one has it that tells somebody else.
func (a Alarms) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	wanted := a.wanted()
	if len(wanted) == 0 {
		return part.Seen{Absent: true}, nil
	}

	client, err := a.Session.CloudWatch(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	found, tags, err := a.live(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	seen, told := part.Seen{Absent: true}, Told{Actions: a.Actions}

	for _, one := range wanted {
		what := fmt.Sprintf("alarm %q", one.name)
		live, there := found[one.name]

		switch {
		case !there:
			seen.Drift = append(seen.Drift, what+" does not exist")

			continue
		case !claim.Owns(tags[one.name]):
			seen.Drift = append(seen.Drift, session.Foreign(what, tags[one.name]).Error())

			continue
		case differs(live, a.wish(one)):
			seen.Drift = append(seen.Drift, what+" does not watch what it should")
		}

		seen.Absent = false

		if !slices.Equal(live.AlarmActions, a.Actions) && slices.Equal(told.Actions, a.Actions) {
			told.Actions = append([]string{}, live.AlarmActions...)
		}

		seen.Drift = append(seen.Drift, part.Lines(what, session.Differences(tags[one.name], a.Session.Tags(claim.Owner)))...)
	}

	seen.Facts = told

	return seen, nil
}

// Remove deletes the alarms.
func (a Alarms) Remove(ctx context.Context, claim part.Claim) error {
	client, err := a.Session.CloudWatch(ctx)
	if err != nil {
		return err
	}

	found, tags, err := a.live(ctx, client)
	if err != nil {
		return err
	}

	for _, name := range a.Names() { // the state has them, even if their tags were taken off
		if _, there := found[name]; there && claim.Owns(tags[name]) {
			tags[name] = map[string]string{session.TagKind: claim.Kind, session.TagFlavor: claim.Flavor, session.TagName: claim.Was}
		}
	}

	return a.drop(ctx, client, claim, found, tags)
}
