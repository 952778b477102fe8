package build_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/build"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func group(d *awstest.Double) build.Group {
	return build.Group{
		Session: session.New(d.Login()), Place: policy.Place{Partition: "aws", Region: awstest.Region, Account: d.Account}, Project: name, RetentionDays: 30,
	}
}

func logs(d *awstest.Double) *cloudwatchlogs.Client {
	return cloudwatchlogs.NewFromConfig(d.Config(awstest.Region))
}

func TestGroup_IsMadeReadRepairedAndDeleted(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g := group(d)
	ensure(t, g, claim())

	longer := group(d)
	longer.Project, longer.RetentionDays = name+"-two", 7
	ensure(t, longer, claim())

	seen, err := g.Observe(t.Context(), known())
	if err != nil || seen.Facts != int32(30) || len(seen.Drift) > 0 {
		t.Errorf("seen %+v, %v", seen, err)
	}

	if _, err := logs(d).DeleteRetentionPolicy(t.Context(), &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: aws.String(build.GroupName(name))}); err != nil {
		t.Fatal(err)
	}

	if seen, err := g.Observe(t.Context(), known()); err != nil || seen.Facts != int32(0) {
		t.Errorf("seen %+v, %v", seen, err)
	}

	next := known()
	next.Labels, next.Former = map[string]string{"stage": "prod"}, map[string]string{"team": "ml"}
	ensure(t, g, next)

	if seen, err := g.Observe(t.Context(), next); err != nil || seen.Facts != int32(30) || len(seen.Drift) > 0 || seen.Tags["team"] != "" {
		t.Errorf("after the repair: %+v, %v", seen, err)
	}

	for range 2 {
		if err := g.Remove(t.Context(), known()); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := g.Observe(t.Context(), known()); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}
}

func TestGroup_TakesOverWhatCodeBuildMadeAndNothingOfOthers(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	if _, err := logs(d).CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(build.GroupName(name))}); err != nil {
		t.Fatal(err)
	}

	g := group(d)
	ensure(t, g, claim())

	other := claim()
	other.Name, other.Was = "others", "others"

	if made, err := g.Ensure(t.Context(), other); !errors.Is(err, backend.ErrForeign) || made.Exists {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestReleased_KeepsItsLogs(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g := group(d)
	r := build.Released{Group: g}

	if _, err := r.Ensure(t.Context(), known()); err != nil {
		t.Errorf("where there is none: %v", err)
	}

	ensure(t, g, claim())

	if _, err := r.Ensure(t.Context(), known()); err != nil {
		t.Fatal(err)
	}

	if err := r.Remove(t.Context(), known()); err != nil {
		t.Fatal(err)
	}

	if seen, err := g.Observe(t.Context(), known()); err != nil || seen.Facts != int32(0) {
		t.Errorf("seen %+v, %v", seen, err)
	}
}
