package secret_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/secret"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

const (
	name = "zenml/wandb"
	key  = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"
)

// claim is that of a component on its first apply.
func claim(incarnation string) part.Claim {
	return part.Claim{
		Owner: backend.Owner{Kind: "secrets_manager", Flavor: "aws", Name: "main", Labels: map[string]string{"team": "ml"}},
		Was:   "main", Fresh: incarnation,
	}
}

// known is the claim of a component that the state has.
func known(incarnation string) part.Claim {
	c := claim(incarnation)
	c.Known, c.Incarnation = true, incarnation

	return c
}

func wanted(d *awstest.Double, value, version string) secret.Secret {
	return secret.Secret{Session: session.New(d.Login()), Name: name, Value: &value, Version: version, RecoveryDays: 30}
}

func client(d *awstest.Double) *secretsmanager.Client {
	return secretsmanager.NewFromConfig(d.Config(awstest.Region))
}

func ensure(t *testing.T, s secret.Secret, c part.Claim) {
	t.Helper()

	if made, err := s.Ensure(t.Context(), c); err != nil || !made.Exists {
		t.Fatalf("ensure: %+v, %v", made, err)
	}
}

func holds(t *testing.T, d *awstest.Double, want string) {
	t.Helper()

	answer, err := client(d).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String(name)})
	if err != nil {
		t.Fatal(err)
	}

	if *answer.SecretString != want {
		t.Errorf("it holds %q, want %q", *answer.SecretString, want)
	}
}

func TestSecret_IsMadeInOneCallAndReadInOne(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	s := wanted(d, "hunter2", "1")
	ensure(t, s, claim("ONE"))
	holds(t, d, "hunter2")

	seen, err := s.Observe(t.Context(), known("ONE"))
	if err != nil || len(seen.Drift) > 0 || seen.Tags["team"] != "ml" || seen.Tags[session.TagIncarnation] != "ONE" {
		t.Errorf("seen %+v, %v", seen, err)
	}

	if calls := d.Calls(); len(calls) != 2 || d.Count("secretsmanager:GetSecretValue") > 0 {
		t.Errorf("calls were %v", calls)
	}
}

func TestSecret_IsWrittenAgainOnlyUnderAnotherNumber(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	ensure(t, wanted(d, "first", "1"), claim("ONE"))
	ensure(t, wanted(d, "second", "1"), known("ONE"))
	holds(t, d, "first")

	ensure(t, wanted(d, "third", "2"), known("ONE"))
	holds(t, d, "third")

	without := wanted(d, "", "3")
	without.Value = nil
	ensure(t, without, known("ONE"))
	holds(t, d, "third")
	ensure(t, wanted(d, "fourth", "3"), known("ONE"))
	holds(t, d, "fourth")
}

func TestSecret_IsWrittenAgainAfterARunThatWasKilled(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	ensure(t, wanted(d, "first", "1"), claim("ONE"))
	d.Inject(awstest.Fault{Operation: "secretsmanager:PutSecretValue", Code: "AccessDeniedException", Message: "no"})

	if _, err := wanted(d, "second", "2").Ensure(t.Context(), known("ONE")); err == nil || strings.Contains(err.Error(), "second") {
		t.Errorf("ensure: %v", err)
	}

	ensure(t, wanted(d, "second", "2"), known("ONE"))
	holds(t, d, "second")
}

func TestSecret_TakesOverItsOwnAfterALostAnswer(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	ensure(t, wanted(d, "first", "1"), claim("ONE"))
	ensure(t, wanted(d, "second", "2"), claim("TWO")) // a run that was killed before it was recorded, and another one
	holds(t, d, "second")

	seen, err := wanted(d, "", "2").Observe(t.Context(), known("TWO"))
	if err != nil || seen.Tags[session.TagIncarnation] != "TWO" {
		t.Errorf("seen %+v, %v", seen, err)
	}
}

func TestSecret_OfSomebodyElseIsRefusedAndKept(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	if _, err := client(d).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String(name), SecretString: aws.String("theirs")}); err != nil {
		t.Fatal(err)
	}

	s := wanted(d, "ours", "1")

	made, err := s.Ensure(t.Context(), claim("ONE"))
	if !errors.Is(err, backend.ErrForeign) || made.Exists || !strings.Contains(err.Error(), "not made by mlstacks") {
		t.Errorf("%+v, %v", made, err)
	}

	if err := s.Remove(t.Context(), claim("ONE")); err != nil {
		t.Error(err)
	}

	holds(t, d, "theirs")
}

func TestSecret_IsDeletedSoThatItCanBeRestored(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	s := wanted(d, "first", "1")
	ensure(t, s, claim("ONE"))

	for range 2 {
		if err := s.Remove(t.Context(), known("ONE")); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := s.Observe(t.Context(), known("ONE")); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}

	// The next component of the same name has it back, with a value of its own.
	ensure(t, wanted(d, "second", "1"), claim("TWO"))
	holds(t, d, "second")

	other := claim("THREE")
	other.Name, other.Was = "other", "other"

	if err := s.Remove(t.Context(), known("TWO")); err != nil {
		t.Fatal(err)
	}

	if _, err := s.Ensure(t.Context(), other); !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "can be restored until") {
		t.Errorf("another component: %v", err)
	}
}

func TestSecret_IsDeletedForGood(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	s := wanted(d, "first", "1")
	s.RecoveryDays = 0
	ensure(t, s, claim("ONE"))

	if err := s.Remove(t.Context(), known("ONE")); err != nil {
		t.Fatal(err)
	}

	answer, err := client(d).ListSecrets(t.Context(), &secretsmanager.ListSecretsInput{IncludePlannedDeletion: aws.Bool(true)})
	if err != nil || len(answer.SecretList) > 0 {
		t.Errorf("left are %v, %v", answer, err)
	}

	// For a while AWS takes the name for one that is scheduled.
	hits := d.Inject(awstest.Fault{
		Operation: "secretsmanager:CreateSecret", Code: "InvalidRequestException",
		Message: "You can't create this secret because a secret with this name is already scheduled for deletion.",
	})
	ensure(t, s, known("ONE")) // what was deleted by hand is made again

	if hits() != 1 {
		t.Error("the fault was not met")
	}
}

func TestSecret_DriftIsSeenAndRepaired(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	s := wanted(d, "first", "1")
	ensure(t, s, claim("ONE"))

	c := client(d)
	if _, err := c.UpdateSecret(t.Context(), &secretsmanager.UpdateSecretInput{SecretId: aws.String(name), KmsKeyId: aws.String(key)}); err != nil {
		t.Fatal(err)
	}

	if _, err := c.TagResource(t.Context(), &secretsmanager.TagResourceInput{
		SecretId: aws.String(name), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}, {Key: aws.String("theirs"), Value: aws.String("y")}},
	}); err != nil {
		t.Fatal(err)
	}

	seen, err := s.Observe(t.Context(), known("ONE"))
	if err != nil || seen.Facts != (secret.Found{KMSKey: key}) || !slices.Contains(seen.Drift, `tag team is "x", should be "ml"`) {
		t.Errorf("seen %+v, %v", seen, err)
	}

	next := known("ONE")
	next.Labels, next.Former = map[string]string{"stage": "prod"}, map[string]string{"team": "ml"}
	ensure(t, s, next)

	seen, err = s.Observe(t.Context(), next)
	if err != nil || seen.Facts != (secret.Found{}) || len(seen.Drift) > 0 || seen.Tags["theirs"] != "y" || seen.Tags["team"] != "" || seen.Tags["stage"] != "prod" {
		t.Errorf("after the repair: %+v, %v", seen, err)
	}
}

func TestSecret_WithoutAValueIsNotMade(t *testing.T) {
	t.Parallel()

	s := wanted(awstest.Start(t), "", "1")
	s.Value = nil

	if _, err := s.Ensure(t.Context(), known("ONE")); err == nil || !strings.Contains(err.Error(), "not at hand") {
		t.Errorf("ensure: %v", err)
	}
}

func TestSecret_ThatCannotBeAskedIsNotGone(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	ensure(t, wanted(d, "first", "1"), claim("ONE"))
	d.Inject(awstest.Fault{Operation: "secretsmanager:*", HTML: true, Status: 404, Times: -1})

	s := wanted(d, "first", "1")
	if _, err := s.Observe(t.Context(), known("ONE")); err == nil || errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}

	if err := s.Remove(t.Context(), known("ONE")); err == nil {
		t.Error("remove claims to have succeeded")
	}
}
