package aws_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestCloudWatch_KeepsDashboardsAndTheCodesOfErrors(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, ctx, name := cloudwatch.NewFromConfig(once(d)), t.Context(), sdk.String("board")

	_, err := client.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: name})
	wantCode(t, err, "ResourceNotFound")
	_, err = client.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: name, DashboardBody: sdk.String("{")})
	wantCode(t, err, "InvalidParameterInput")

	must[*cloudwatch.PutDashboardOutput](t)(client.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: name, DashboardBody: sdk.String(`{"widgets":[]}`)}))

	if got := must[*cloudwatch.GetDashboardOutput](t)(client.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: name})); *got.DashboardBody != `{"widgets":[]}` {
		t.Errorf("the dashboard shows %s", *got.DashboardBody)
	}

	list := must[*cloudwatch.ListDashboardsOutput](t)(client.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{}))
	if len(list.DashboardEntries) != 1 || *list.DashboardEntries[0].DashboardName != "board" || time.Since(*list.DashboardEntries[0].LastModified).Abs() > time.Hour {
		t.Errorf("dashboards are %+v, want one of just now", list.DashboardEntries)
	}

	if n := d.Count("monitoring:PutDashboard"); n != 2 {
		t.Errorf("%d calls were counted, want 2; calls are %v", n, d.Calls())
	}
}

func TestCloudWatch_KeepsAlarmsAndTheirNumbers(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, ctx := cloudwatch.NewFromConfig(once(d)), t.Context()

	thresholds := map[string]float64{"fraction": 0.25, "whole": 3, "below": -2, "none": 0}
	for name, threshold := range thresholds {
		must[*cloudwatch.PutMetricAlarmOutput](t)(client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: &name, Namespace: sdk.String("AWS/CodeBuild"), MetricName: sdk.String("FailedBuilds"), Statistic: types.StatisticSum, Period: sdk.Int32(300),
			EvaluationPeriods: sdk.Int32(1), Threshold: &threshold, ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold, ActionsEnabled: sdk.Bool(false),
			Dimensions: []types.Dimension{{Name: sdk.String("ProjectName"), Value: sdk.String("images")}}, Tags: []types.Tag{{Key: sdk.String("k"), Value: sdk.String("v")}},
		}))
	}

	alarms := must[*cloudwatch.DescribeAlarmsOutput](t)(client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})).MetricAlarms
	if len(alarms) != len(thresholds) {
		t.Fatalf("alarms are %+v", alarms)
	}

	for _, one := range alarms {
		if *one.Threshold != thresholds[*one.AlarmName] || *one.Period != 300 || *one.ActionsEnabled || *one.Dimensions[0].Value != "images" || one.StateUpdatedTimestamp == nil {
			t.Errorf("alarm is %+v", one)
		}
	}

	tags := must[*cloudwatch.ListTagsForResourceOutput](t)(client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: alarms[0].AlarmArn}))
	if len(tags.Tags) != 1 || *tags.Tags[0].Value != "v" {
		t.Errorf("tags are %+v", tags.Tags)
	}

	want := []string{"alarm below", "alarm fraction", "alarm none", "alarm whole"}
	if left := d.Left(t, aws.Region); !slices.Equal(left, want) {
		t.Errorf("there is %q, want %q", left, want)
	}

	must[*cloudwatch.DeleteAlarmsOutput](t)(client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"below", "fraction", "none", "whole"}}))

	if left := d.Left(t, aws.Region); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

func TestCloudWatch_TakesTimesAndGivesThemBack(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, ctx, space, metric := cloudwatch.NewFromConfig(once(d)), t.Context(), sdk.String("Stack"), sdk.String("Runs")
	at := time.Now().Add(-time.Hour).Truncate(time.Minute)

	must[*cloudwatch.PutMetricDataOutput](t)(client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
		Namespace: space, MetricData: []types.MetricDatum{{MetricName: metric, Value: sdk.Float64(-3), Timestamp: &at}},
	}))

	got := must[*cloudwatch.GetMetricDataOutput](t)(client.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{
		StartTime: sdk.Time(at.Add(-time.Minute)), EndTime: sdk.Time(at.Add(time.Minute)), MetricDataQueries: []types.MetricDataQuery{{
			Id: sdk.String("a"), MetricStat: &types.MetricStat{
				Metric: &types.Metric{Namespace: space, MetricName: metric}, Period: sdk.Int32(60), Stat: sdk.String("Sum"),
			},
		}},
	})).MetricDataResults

	if len(got) != 1 || !slices.Equal(got[0].Values, []float64{-3}) || len(got[0].Timestamps) != 1 || !got[0].Timestamps[0].Equal(at) {
		t.Errorf("told %+v, want -3 at %s", got, at)
	}
}

func TestCloudWatch_AnswersAPageForWhatMotoLacks(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)

	_, err := cloudwatch.NewFromConfig(once(d)).DescribeAlarmHistory(t.Context(), &cloudwatch.DescribeAlarmHistoryInput{})
	if err == nil || !strings.Contains(err.Error(), "500") {
		t.Errorf("error is %v, want one of HTTP 500", err)
	}
}
