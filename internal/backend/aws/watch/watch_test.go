package watch_test

import (
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/watch"
)

const group = "/mlstacks/metrics"

// scene is an account, and what a component wants in it.
type scene struct {
	*aws.Double

	t        *testing.T
	watch    *cloudwatch.Client
	logs     *cloudwatchlogs.Client
	session  *session.Session
	claim    part.Claim
	subjects watch.Subjects

	retention          int32
	key                string
	force, plain, mute bool
	actions            []string
}

func start(t *testing.T) *scene {
	t.Helper()

	d := aws.Start(t)

	return &scene{
		Double: d, t: t, watch: cloudwatch.NewFromConfig(d.Config(aws.Region)), logs: cloudwatchlogs.NewFromConfig(d.Config(aws.Region)),
		session: login(d, 4), retention: 30,
		claim: part.Claim{
			Owner: backend.Owner{Kind: "monitoring", Flavor: "cloudwatch", Name: "metrics", Labels: map[string]string{"team": "ml"}}, Was: "metrics", Fresh: "first",
		},
		subjects: watch.Subjects{AllPipelines: true, Pipelines: []string{"nightly"}, Projects: []string{"images"}, Jobs: []string{"train"}},
	}
}

func login(d *aws.Double, tries int) *session.Session {
	config := d.Login()
	config.MaxRetries = tries

	return session.New(config)
}

func (s *scene) must(err error) {
	s.t.Helper()

	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) parts() []part.Part {
	return []part.Part{
		watch.LogGroup{Session: s.session, Name: group, Retention: s.retention, KMSKey: s.key, Force: s.force},
		watch.Dashboard{Session: s.session, Name: watch.Base(group), Region: aws.Region, LogGroup: group, Subjects: s.subjects, Absent: s.plain},
		watch.Alarms{Session: s.session, Base: watch.Base(group), Subjects: s.subjects, Actions: s.actions, Absent: s.mute},
	}
}

func (s *scene) ensure() error {
	for _, one := range s.parts() {
		if _, err := one.Ensure(s.t.Context(), s.claim); err != nil {
			return err
		}
	}

	return nil
}

func (s *scene) apply() {
	s.t.Helper()
	s.must(s.ensure())

	s.claim.Known, s.claim.Incarnation = true, s.claim.Fresh
}

func (s *scene) observe() (seen []part.Seen, drift []string) {
	s.t.Helper()

	for _, one := range s.parts() {
		looked, err := one.Observe(s.t.Context(), s.claim)
		if part.Kept(err) {
			drift = append(drift, err.Error())
		} else {
			s.must(err)
		}

		seen, drift = append(seen, looked), append(drift, looked.Drift...)
	}

	return seen, drift
}

func (s *scene) quiet() {
	s.t.Helper()

	seen, drift := s.observe()
	if len(drift) > 0 {
		s.t.Errorf("drift %q, want none", drift)
	}

	if logs, ok := seen[0].Facts.(watch.Logs); !ok || logs.Retention != s.retention || logs.KMSKey != s.key {
		s.t.Errorf("found %+v, want %d days and the key %q", logs, s.retention, s.key)
	}
}

func (s *scene) destroy() error {
	for _, one := range slices.Backward(s.parts()) {
		if err := one.Remove(s.t.Context(), s.claim); err != nil {
			return err
		}
	}

	return nil
}

func (s *scene) alarms() []types.MetricAlarm {
	s.t.Helper()

	answer, err := s.watch.DescribeAlarms(s.t.Context(), &cloudwatch.DescribeAlarmsInput{})
	s.must(err)

	return answer.MetricAlarms
}

func (s *scene) body() string {
	s.t.Helper()

	answer, err := s.watch.GetDashboard(s.t.Context(), &cloudwatch.GetDashboardInput{DashboardName: sdk.String(watch.Base(group))})
	s.must(err)

	return *answer.DashboardBody
}

func (s *scene) left() int {
	s.t.Helper()

	boards, err := s.watch.ListDashboards(s.t.Context(), &cloudwatch.ListDashboardsInput{})
	s.must(err)
	groups, err := s.logs.DescribeLogGroups(s.t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{})
	s.must(err)

	return len(boards.DashboardEntries) + len(groups.LogGroups) + len(s.alarms())
}

func TestWatch_IsMadeAndGoesWithoutARest(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	for _, want := range []string{
		"AWS/Sagemaker/ModelBuildingPipeline", "/aws/sagemaker/TrainingJobs,Host", "/aws/sagemaker/ProcessingJobs,Host", "AWS/CodeBuild", "nightly", "images",
		"SOURCE '/mlstacks/metrics'",
	} {
		if !strings.Contains(s.body(), want) {
			t.Errorf("the dashboard lacks %s: %s", want, s.body())
		}
	}

	var names []string
	for _, alarm := range s.alarms() {
		names = append(names, *alarm.AlarmName)
	}

	slices.Sort(names)

	if want := []string{"mlstacks-metrics-failed-builds-images", "mlstacks-metrics-failed-pipeline-nightly", "mlstacks-metrics-failed-pipelines"}; !slices.Equal(names, want) {
		t.Errorf("alarms %q, want %q", names, want)
	}

	s.quiet()
	s.must(s.destroy())

	if n := s.left(); n != 0 {
		t.Errorf("%d objects are left", n)
	}

	s.must(s.destroy())
}
