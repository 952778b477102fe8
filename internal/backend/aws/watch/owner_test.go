package watch_test

import (
	"errors"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
)

func TestWatch_LabelsComeAndGo(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()

	s.claim.Former, s.claim.Labels = map[string]string{"team": "ml"}, map[string]string{"stage": "dev"}
	s.apply()
	s.quiet()

	tags, err := s.watch.ListTagsForResource(t.Context(), &cloudwatch.ListTagsForResourceInput{ResourceARN: s.alarms()[0].AlarmArn})
	s.must(err)

	for _, tag := range tags.Tags {
		if *tag.Key == "team" {
			t.Error("a label that is wanted no longer is still there")
		}
	}
}

func TestWatch_RefusesWhatIsSomebodyElses(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()
	before := s.body()

	s.claim = part.Claim{Owner: backend.Owner{Kind: "monitoring", Flavor: "cloudwatch", Name: "other"}, Was: "other", Fresh: "second"}

	for i, one := range s.parts() {
		if _, err := one.Ensure(t.Context(), s.claim); !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), `"metrics"`) {
			t.Errorf("part %d: %v, want it to be refused with whose it is", i, err)
		}
	}

	s.claim.Known = true
	s.must(s.destroy())

	if s.body() != before || s.left() != 5 {
		t.Error("something of another component was touched")
	}
}

func TestLogGroup_WithEventsGoesOnlyWithConsent(t *testing.T) {
	t.Parallel()

	s := start(t)
	s.apply()
	_, err := s.logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: sdk.String(group), LogStreamName: sdk.String("one")})
	s.must(err)

	if err := s.destroy(); !errors.Is(err, backend.ErrHoldsData) {
		t.Errorf("destroy: %v, want that it holds data", err)
	}

	s.force = true
	s.must(s.destroy())

	if n := s.left(); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}

func TestLogGroup_IsGivenAnotherKeyAndNone(t *testing.T) {
	t.Parallel()

	s := start(t)

	for _, key := range []string{"arn:aws:kms:eu-west-1:123456789012:key/one", "arn:aws:kms:eu-west-1:123456789012:key/two", "", "arn:aws:kms:eu-west-1:123456789012:key/one"} {
		s.key = key
		s.apply()
		s.quiet()
	}

	if made, given, taken := s.Count("logs:CreateLogGroup"), s.Count("logs:AssociateKmsKey"), s.Count("logs:DisassociateKmsKey"); made != 1 || given != 2 || taken != 1 {
		t.Errorf("made %d times, given a key %d times, taken it %d times; want 1, 2, 1", made, given, taken)
	}
}

func TestWatch_FinishesWhatAKilledApplyHasBegun(t *testing.T) {
	t.Parallel()

	for after := range 8 {
		s := start(t)
		s.Inject(aws.Fault{Operation: "*", After: after, Code: "ValidationError", Message: "killed"})

		if err := s.ensure(); err == nil {
			t.Errorf("call %d failed, and nobody said so", after)
		}

		s.claim.Fresh = "second"
		s.apply()
		s.quiet()
	}
}

func TestWatch_TakesOverItsOwnAfterALostAnswer(t *testing.T) {
	t.Parallel()

	for _, operation := range []string{"logs:CreateLogGroup", "monitoring:PutDashboard", "monitoring:PutMetricAlarm"} {
		s := start(t)
		hits := s.Inject(aws.Fault{Operation: operation, LoseAnswer: true})
		s.apply()
		s.quiet()

		if hits() != 1 {
			t.Errorf("%s: the answer was not lost", operation)
		}
	}
}

func TestWatch_APageIsNeverTakenForGone(t *testing.T) {
	t.Parallel()

	for _, status := range []int{404, 500} {
		s := start(t)
		s.apply()
		s.session = login(s.Double, 1)
		s.Inject(aws.Fault{Operation: "*", Times: -1, Status: status, HTML: true})

		for i, one := range s.parts() {
			if _, err := one.Observe(t.Context(), s.claim); err == nil || errors.Is(err, backend.ErrNotFound) {
				t.Errorf("part %d, HTTP %d with a page: %v", i, status, err)
			}

			if err := one.Remove(t.Context(), s.claim); err == nil {
				t.Errorf("part %d, HTTP %d with a page: taken for removed", i, status)
			}
		}
	}
}
