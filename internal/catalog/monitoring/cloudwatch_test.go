package monitoring

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func reference(kind, of, region string) map[string]any {
	return map[string]any{"name": "main", "type": kind, "flavor": of, "outputs": map[string]any{"region": region, "project": "images"}}
}

func subject(changes flavor.Values) flavor.Subject {
	v := flavor.Values{
		"region": "", "log_group": "", "dashboard": true, "alarm_on_failed_jobs": true, "alarm_actions": []any{}, "pipelines": []any{}, "projects": []any{},
		"orchestrator": nil, "image_builder": nil, "kms_key": "",
	}
	maps.Copy(v, changes)

	return flavor.Subject{Name: "metrics", Values: v, Ask: func(name string) any {
		return map[string]any{"region": "eu-west-1", "account": "123456789012"}[name]
	}}
}

func TestCloudWatch_TellsEverythingAtPlan(t *testing.T) {
	t.Parallel()

	facts := CloudWatch.Facts(Kind(), subject(flavor.Values{
		"orchestrator": reference("orchestrator", "sagemaker", "eu-west-1"), "image_builder": reference("image_builder", "codebuild", "eu-west-1"),
		"projects": []any{"images", "other"},
	}))

	url := "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/mlstacks-metrics"
	want := map[string]any{
		"log_group": "/mlstacks/metrics", "log_group_arn": "arn:aws:logs:eu-west-1:123456789012:log-group:/mlstacks/metrics", "dashboard": "mlstacks-metrics",
		"dashboard_url": url, "alarms": "mlstacks-metrics-failed-pipelines,mlstacks-metrics-failed-builds-images,mlstacks-metrics-failed-builds-other",
		"region": "eu-west-1", "account": "123456789012",
	}

	if !maps.Equal(facts.Outputs, want) || facts.URI != url {
		t.Errorf("facts %+v, want %+v", facts, want)
	}

	facts = CloudWatch.Facts(Kind(), subject(flavor.Values{"dashboard": false, "projects": zenml.Unknown{}, "log_group": "/acme/ml"}))
	if facts.Outputs["dashboard"] != "" || facts.URI != nil || facts.Outputs["alarms"] != (zenml.Unknown{}) || facts.Outputs["log_group"] != "/acme/ml" {
		t.Errorf("facts %+v", facts)
	}
}

func TestCloudWatch_PlanAndApplyTellTheSame(t *testing.T) {
	t.Parallel()

	cfg := cloudWatchConfig{
		Dashboard: true, Alarms: true, Projects: []string{"other"}, Pipelines: []string{"nightly"}, Orchestrator: &amazon.Reference{},
		Builder: &amazon.Reference{Outputs: map[string]string{"project": "images"}},
	}
	planned := CloudWatch.Facts(Kind(), subject(flavor.Values{
		"orchestrator": reference("orchestrator", "sagemaker", "eu-west-1"), "image_builder": reference("image_builder", "codebuild", "eu-west-1"),
		"projects": []any{"other"}, "pipelines": []any{"nightly"},
	})).Outputs["alarms"]

	subjects, err := cfg.subjects()
	if err != nil {
		t.Fatal(err)
	}

	if told := alarmNames("/mlstacks/metrics", subjects); told != planned {
		t.Errorf("planned %q, told %q", planned, told)
	}
}

func TestCloudWatch_RefusesWhatItCannotWatch(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		change flavor.Values
		says   string
	}{
		"type":    {flavor.Values{"orchestrator": reference("step_operator", "sagemaker", "eu-west-1")}, "of the type step_operator"},
		"flavor":  {flavor.Values{"image_builder": reference("image_builder", "kaniko", "eu-west-1")}, "of the flavor kaniko"},
		"region":  {flavor.Values{"orchestrator": reference("orchestrator", "sagemaker", "us-east-1")}, `Set region = "us-east-1"`},
		"action":  {flavor.Values{"alarm_actions": []any{"team"}}, "no ARN"},
		"name":    {flavor.Values{"log_group": "aws/logs"}, "reserves"},
		"kms key": {flavor.Values{"kms_key": "alias/x"}, "alias"},
	} {
		problems := CloudWatch.Check(Kind(), subject(c.change))
		if len(problems) != 1 || !strings.Contains(problems[0].Detail, c.says) {
			t.Errorf("%s: %+v, want one that says %q", name, problems, c.says)
		}
	}

	if problems := CloudWatch.Check(Kind(), subject(flavor.Values{"orchestrator": zenml.Unknown{}, "image_builder": nil})); len(problems) > 0 {
		t.Errorf("what is not known yet is refused: %+v", problems)
	}
}

func TestCloudWatch_AnotherLogGroupIsMadeAnew(t *testing.T) {
	t.Parallel()

	before := subject(nil).Values
	for name, want := range map[any]int{"": 0, "/other": 1, zenml.Unknown{}: 0} {
		if problems := CloudWatch.Replaces(before, subject(flavor.Values{"log_group": name}).Values); len(problems) != want {
			t.Errorf("%v: %+v, want %d", name, problems, want)
		}
	}
}

// stage is an account, and what a component of a stack with SageMaker and CodeBuild is like.
func stage(t *testing.T) (d *aws.Double, in flavor.Input, cfg cloudWatchConfig) {
	t.Helper()

	d = aws.Start(t)
	in = flavor.Input{
		Kind: "monitoring", Name: "metrics", Managed: true, Labels: map[string]string{"team": "ml"},
		Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(d.Login())}},
	}

	return d, in, cloudWatchConfig{
		LogGroup: sdk.String(""), Retention: 30, Dashboard: true, Alarms: true, Orchestrator: &amazon.Reference{},
		Builder: &amazon.Reference{Outputs: map[string]string{"project": "images"}},
	}
}

func TestCloudWatch_LivesFromCreationToDestruction(t *testing.T) {
	t.Parallel()

	d, in, cfg := stage(t)

	made, err := cloudWatchDriver.Create(t.Context(), in, cfg)
	if err != nil || made.ID != "/mlstacks/metrics" || made.Outputs["account"] != d.Account {
		t.Fatalf("made %+v: %v", made, err)
	}

	in.Incarnation, in.Outputs, in.Was = made.Incarnation, made.Outputs, in.Name

	found, looked, err := cloudWatchDriver.Read(t.Context(), in, made.ID, cfg)
	if err != nil || len(looked.Drift) > 0 || !maps.Equal(looked.Outputs, made.Outputs) || found.Retention != 30 {
		t.Errorf("read %+v, %+v: %v", found, looked, err)
	}

	told := []string{"dashboard " + made.Outputs["dashboard"], "log group " + made.ID}
	for name := range strings.SplitSeq(made.Outputs["alarms"], ",") {
		told = append(told, "alarm "+name)
	}

	slices.Sort(told)

	if left := d.Left(t, aws.Region); !slices.Equal(left, told) {
		t.Errorf("there is %q, and outputs tell of %q", left, told)
	}

	cfg.Alarms, cfg.Retention = false, 0

	changed, err := cloudWatchDriver.Update(t.Context(), in, made.ID, cfg, cfg)
	if left := d.Left(t, aws.Region); err != nil || changed.Outputs["alarms"] != "" || len(left) != 2 {
		t.Errorf("update %+v: %v; there is %q", changed, err, left)
	}

	if err := cloudWatchDriver.Delete(t.Context(), in, made.ID, cfg); err != nil || len(d.Left(t, aws.Region)) > 0 {
		t.Errorf("delete: %v; left over: %q", err, d.Left(t, aws.Region))
	}

	if _, _, err := cloudWatchDriver.Read(t.Context(), in, made.ID, cfg); !errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("read what is gone: %v", err)
	}
}

func TestCloudWatch_WhatIsDeletedByHandShowsAndIsRepaired(t *testing.T) {
	t.Parallel()

	d, in, cfg := stage(t)

	made, err := cloudWatchDriver.Create(t.Context(), in, cfg)
	if err != nil {
		t.Fatal(err)
	}

	in.Incarnation, in.Outputs, in.Was = made.Incarnation, made.Outputs, in.Name

	_, err = cloudwatch.NewFromConfig(d.Config(aws.Region)).DeleteDashboards(t.Context(), &cloudwatch.DeleteDashboardsInput{DashboardNames: []string{made.Outputs["dashboard"]}})
	if err != nil {
		t.Fatal(err)
	}

	if _, looked, err := cloudWatchDriver.Read(t.Context(), in, made.ID, cfg); err != nil || len(looked.Drift) != 1 || !strings.Contains(looked.Drift[0], "does not exist") {
		t.Errorf("drift %q: %v", looked.Drift, err)
	}

	if _, err := cloudWatchDriver.Update(t.Context(), in, made.ID, cfg, cfg); err != nil {
		t.Fatal(err)
	}

	if _, looked, err := cloudWatchDriver.Read(t.Context(), in, made.ID, cfg); err != nil || len(looked.Drift) > 0 {
		t.Errorf("drift %q after a repair: %v", looked.Drift, err)
	}
}
