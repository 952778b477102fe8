package watch

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Alarms are those of a component, all of them.
type Alarms struct {
	Session *session.Session
	// Base is what their names begin with.
	Base     string
	Subjects Subjects
	// Actions are the ARNs of what is told.
	Actions []string
	// Absent says that there are to be none.
	Absent bool
}

var _ part.Part = Alarms{}

// failures is one alarm: that a count of failures is not zero.
type failures struct {
	name, about, namespace, metric string
	// dimension and of narrow the metric; both are empty for all of the account.
	dimension, of string
}

// What names the alarms.
func (a Alarms) What() string { return fmt.Sprintf("alarms %q", a.Base) }

// Names are those of the alarms, in order.
func (a Alarms) Names() []string {
	var names []string
	for _, one := range a.wanted() {
		names = append(names, one.name)
	}

	return names
}

func (a Alarms) wanted() []failures {
	if a.Absent {
		return nil
	}

	var all []failures

	if a.Subjects.AllPipelines {
		all = append(all, failures{name: a.Base + "-failed-pipelines", about: "A SageMaker pipeline failed.", namespace: pipelines, metric: "ExecutionFailed"})
	}

	for _, name := range a.Subjects.Pipelines {
		all = append(all, failures{
			name: a.Base + "-failed-pipeline-" + naming.Derived(naming.ForCodeBuild, name), about: fmt.Sprintf("SageMaker pipeline %s failed.", name),
			namespace: pipelines, metric: "ExecutionFailed", dimension: "PipelineName", of: name,
		})
	}

	for _, name := range a.Subjects.Projects {
		all = append(all, failures{
			name: a.Base + "-failed-builds-" + naming.Derived(naming.ForCodeBuild, name), about: fmt.Sprintf("A build of CodeBuild project %s failed.", name),
			namespace: builds, metric: "FailedBuilds", dimension: "ProjectName", of: name,
		})
	}

	return all
}

// wish is an alarm as it is asked for.
func (a Alarms) wish(one failures) *cloudwatch.PutMetricAlarmInput {
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: aws.String(one.name), AlarmDescription: aws.String(one.about), Namespace: aws.String(one.namespace), MetricName: aws.String(one.metric),
		Statistic: types.StatisticSum, Period: aws.Int32(period), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
		ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold, TreatMissingData: aws.String("notBreaching"),
		ActionsEnabled: aws.Bool(true), AlarmActions: a.Actions,
	}
	if one.dimension != "" {
		in.Dimensions = []types.Dimension{{Name: aws.String(one.dimension), Value: aws.String(one.of)}}
	}

	return in
}

// differs says that an alarm is not as it is wanted, but for its actions, which are an attribute.
func differs(live types.MetricAlarm, in *cloudwatch.PutMetricAlarmInput) bool {
	dimensions := func(list []types.Dimension) map[string]string {
		all := map[string]string{}
		for _, one := range list {
			all[aws.ToString(one.Name)] = aws.ToString(one.Value)
		}

		return all
	}

	return aws.ToString(live.Namespace) != *in.Namespace || aws.ToString(live.MetricName) != *in.MetricName || live.Statistic != in.Statistic ||
		aws.ToInt32(live.Period) != *in.Period || aws.ToInt32(live.EvaluationPeriods) != *in.EvaluationPeriods ||
		aws.ToFloat64(live.Threshold) != *in.Threshold || live.ComparisonOperator != in.ComparisonOperator ||
		aws.ToString(live.TreatMissingData) != *in.TreatMissingData || !aws.ToBool(live.ActionsEnabled) ||
		aws.ToString(live.AlarmDescription) != *in.AlarmDescription || !maps.Equal(dimensions(live.Dimensions), dimensions(in.Dimensions))
}

// live are the alarms that are there and whose names begin as those of the component do, and their tags. Others may be among
// them, of components whose names go on.
func (a Alarms) live(ctx context.Context, client *cloudwatch.Client) (found map[string]types.MetricAlarm, tags map[string]map[string]string, err error) {
	found, tags = map[string]types.MetricAlarm{}, map[string]map[string]string{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(client, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: aws.String(a.Base + "-failed-")})

	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, session.Worded(err, "look for %s", a.What())
		}

		for _, one := range page.MetricAlarms {
			answer, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: one.AlarmArn})
			if session.Is(err, noResource, "ResourceNotFound") {
				continue
			}

			if err != nil {
				return nil, nil, session.Worded(err, "read the tags of alarm %q", aws.ToString(one.AlarmName))
			}

			found[aws.ToString(one.AlarmName)], tags[aws.ToString(one.AlarmName)] = one, tagMap(answer.Tags)
		}
	}

	return found, tags, nil
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

func tagMap(list []types.Tag) map[string]string {
	return session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}
