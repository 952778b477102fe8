package watch_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/watch"
)

func TestWatch_DriftIsSeenAndRepaired(t *testing.T) {
	t.Parallel()

	alarm := sdk.String("mlstacks-metrics-failed-builds-images")

	for name, change := range map[string]struct {
		tamper func(s *scene) error
		want   string
	}{
		"dashboard": {func(s *scene) error {
			_, err := s.watch.PutDashboard(s.t.Context(), &cloudwatch.PutDashboardInput{
				DashboardName: sdk.String(watch.Base(group)), DashboardBody: sdk.String(strings.Replace(s.body(), `"stat":"Sum"`, `"stat":"Average"`, 1)),
			})

			return err
		}, "does not show what it should"},
		"no dashboard": {func(s *scene) error {
			_, err := s.watch.DeleteDashboards(s.t.Context(), &cloudwatch.DeleteDashboardsInput{DashboardNames: []string{watch.Base(group)}})

			return err
		}, "does not exist"},
		"alarm": {func(s *scene) error {
			_, err := s.watch.PutMetricAlarm(s.t.Context(), &cloudwatch.PutMetricAlarmInput{
				AlarmName: alarm, Namespace: sdk.String("AWS/CodeBuild"), MetricName: sdk.String("FailedBuilds"), Statistic: types.StatisticSum,
				Period: sdk.Int32(300), EvaluationPeriods: sdk.Int32(1), Threshold: sdk.Float64(9), ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
			})

			return err
		}, "does not watch what it should"},
		"muted": {func(s *scene) error {
			_, err := s.watch.DisableAlarmActions(s.t.Context(), &cloudwatch.DisableAlarmActionsInput{AlarmNames: []string{*alarm}})

			return err
		}, "does not watch what it should"},
		"no alarm": {func(s *scene) error {
			_, err := s.watch.DeleteAlarms(s.t.Context(), &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{*alarm}})

			return err
		}, "does not exist"},
		"tag": {func(s *scene) error {
			_, err := s.logs.UntagLogGroup(s.t.Context(), &cloudwatchlogs.UntagLogGroupInput{LogGroupName: sdk.String(group), Tags: []string{"team"}}) //nolint:staticcheck // needs no ARN

			return err
		}, "tag team is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := start(t)
			s.apply()
			s.must(change.tamper(s))

			if _, drift := s.observe(); len(drift) != 1 || !strings.Contains(drift[0], change.want) {
				t.Errorf("drift %q, want one line that says %q", drift, change.want)
			}

			s.apply()
			s.quiet()
		})
	}
}

func TestLogGroup_RetentionIsAnAttributeAndMayBeForEver(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()
	_, err := s.logs.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: sdk.String(group), RetentionInDays: sdk.Int32(7)})
	s.must(err)

	if seen, drift := s.observe(); seen[0].Facts != (watch.Logs{Retention: 7}) || len(drift) > 0 {
		t.Errorf("saw %+v and %q, want 7 days", seen[0].Facts, drift)
	}

	s.apply()
	s.quiet()

	s.retention = 0
	s.apply()
	s.quiet()
}

func TestAlarms_FollowWhatIsWatchedAndWhoIsTold(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	_, err := s.watch.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{ // of another component, whose name goes on
		AlarmName: sdk.String("mlstacks-metrics-failed-builds-theirs"), Namespace: sdk.String("x"), MetricName: sdk.String("y"), Statistic: types.StatisticSum,
		Period: sdk.Int32(60), EvaluationPeriods: sdk.Int32(1), Threshold: sdk.Float64(1), ComparisonOperator: types.ComparisonOperatorLessThanThreshold,
	})
	s.must(err)

	s.subjects.Pipelines, s.actions = nil, []string{"arn:aws:sns:eu-west-1:123456789012:team"}

	seen, _ := s.observe()
	if told, ok := seen[2].Facts.(watch.Told); !ok || len(told.Actions) != 0 {
		t.Errorf("told %v, want nobody yet", seen[2].Facts)
	}

	s.apply()
	s.quiet()

	if n := len(s.alarms()); n != 3 {
		t.Errorf("%d alarms, want two of ours and that of somebody else", n)
	}

	s.mute, s.plain = true, true
	s.apply()
	s.quiet()

	if n := s.left(); n != 2 {
		t.Errorf("%d objects, want the log group and the alarm of somebody else", n)
	}
}
