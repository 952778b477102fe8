package repository_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/repository"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

const name = "acme/ml"

func claim() part.Claim {
	return part.Claim{
		Owner: backend.Owner{Kind: "container_registry", Flavor: "ecr", Name: "images", Labels: map[string]string{"team": "ml"}},
		Was:   "images", Fresh: "ONE",
	}
}

// known is the claim of a component that the state has.
func known() part.Claim {
	c := claim()
	c.Known, c.Incarnation = true, "ONE"

	return c
}

func wanted(d *awstest.Double) repository.Repository {
	return repository.Repository{
		Session: session.New(d.Login()), Name: name,
		Settings: repository.Settings{ScanOnPush: true, UntaggedDays: 14, KeepImages: 100},
	}
}

func client(d *awstest.Double) *ecr.Client { return ecr.NewFromConfig(d.Config(awstest.Region)) }

func ensure(t *testing.T, r repository.Repository, c part.Claim) {
	t.Helper()

	if made, err := r.Ensure(t.Context(), c); err != nil || !made.Exists {
		t.Fatalf("ensure: %+v, %v", made, err)
	}
}

func observe(t *testing.T, r repository.Repository, c part.Claim) (repository.Settings, part.Seen) {
	t.Helper()

	seen, err := r.Observe(t.Context(), c)
	if err != nil {
		t.Fatalf("observe: %v", err)
	}

	found, ok := seen.Facts.(repository.Settings)
	if !ok {
		t.Fatalf("facts are %T", seen.Facts)
	}

	return found, seen
}

func lifecycleOf(t *testing.T, d *awstest.Double) string {
	t.Helper()

	answer, err := client(d).GetLifecyclePolicy(t.Context(), &ecr.GetLifecyclePolicyInput{RepositoryName: aws.String(name)})
	if err != nil {
		if session.Is(err, "LifecyclePolicyNotFoundException") {
			return ""
		}

		t.Fatal(err)
	}

	return *answer.LifecyclePolicyText
}

func push(t *testing.T, d *awstest.Double) {
	t.Helper()

	_, err := client(d).PutImage(t.Context(), &ecr.PutImageInput{
		RepositoryName: aws.String(name), ImageTag: aws.String("v1"),
		ImageManifest: aws.String(`{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",` +
			`"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:` + strings.Repeat("a", 64) + `"},"layers":[]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRepository_IsMadeAsWantedInTwoCalls(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	ensure(t, r, claim())

	if n := len(d.Calls()); n != 2 {
		t.Errorf("%d calls: %v", n, d.Calls())
	}

	found, seen := observe(t, r, known())
	if found != r.Settings || len(seen.Drift) > 0 {
		t.Errorf("found %+v, drift %v", found, seen.Drift)
	}

	if seen.Tags["team"] != "ml" || seen.Tags[session.TagIncarnation] != "ONE" || seen.Tags[session.TagName] != "images" {
		t.Errorf("tags are %v", seen.Tags)
	}
}

func TestRepository_WithoutRulesIsReadInTwoCalls(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	r.Settings = repository.Settings{}
	ensure(t, r, claim())
	d.Reset()

	if found, _ := observe(t, r, known()); found != r.Settings {
		t.Errorf("found %+v", found)
	}

	if n := len(d.Calls()); n != 2 {
		t.Errorf("%d calls: %v", n, d.Calls())
	}
}

func TestRepository_TakesOverItsOwnAfterALostAnswer(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	d.Inject(awstest.Fault{Operation: "ecr:CreateRepository", LoseAnswer: true})

	r := wanted(d)
	ensure(t, r, claim())

	if found, seen := observe(t, r, known()); found != r.Settings || len(seen.Drift) > 0 {
		t.Errorf("found %+v, drift %v", found, seen.Drift)
	}
}

func TestRepository_OfSomebodyElseIsRefusedAndKept(t *testing.T) {
	t.Parallel()

	for because, tags := range map[string][]types.Tag{
		"not made by mlstacks": nil,
		`"others"`: {
			{Key: aws.String(session.TagKind), Value: aws.String("container_registry")},
			{Key: aws.String(session.TagFlavor), Value: aws.String("ecr")},
			{Key: aws.String(session.TagName), Value: aws.String("others")},
			{Key: aws.String(session.TagIncarnation), Value: aws.String("TWO")},
		},
	} {
		d := awstest.Start(t)
		if _, err := client(d).CreateRepository(t.Context(), &ecr.CreateRepositoryInput{RepositoryName: aws.String(name), Tags: tags}); err != nil {
			t.Fatal(err)
		}

		r := wanted(d)

		made, err := r.Ensure(t.Context(), claim())
		if !errors.Is(err, backend.ErrForeign) || made.Exists || !strings.Contains(err.Error(), because) {
			t.Errorf("%s: %+v, %v", because, made, err)
		}

		if err := r.Remove(t.Context(), claim()); err != nil {
			t.Error(err)
		}

		if _, err := client(d).DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{RepositoryNames: []string{name}}); err != nil {
			t.Errorf("%s: it was deleted: %v", because, err)
		}
	}
}

func TestRepository_DriftIsSeenAndRepaired(t *testing.T) {
	t.Parallel()

	for what, test := range map[string]struct {
		tamper func(c *ecr.Client) error
		found  func(repository.Settings) repository.Settings
		drift  string
	}{
		"scans": {func(c *ecr.Client) error {
			_, err := c.PutImageScanningConfiguration(t.Context(), &ecr.PutImageScanningConfigurationInput{
				RepositoryName: aws.String(name), ImageScanningConfiguration: &types.ImageScanningConfiguration{},
			})

			return err
		}, func(s repository.Settings) repository.Settings { s.ScanOnPush = false; return s }, ""},
		"mutability": {func(c *ecr.Client) error {
			_, err := c.PutImageTagMutability(t.Context(), &ecr.PutImageTagMutabilityInput{
				RepositoryName: aws.String(name), ImageTagMutability: types.ImageTagMutabilityImmutable,
			})

			return err
		}, func(s repository.Settings) repository.Settings { s.Immutable = true; return s }, ""},
		"a policy that is gone": {func(c *ecr.Client) error {
			_, err := c.DeleteLifecyclePolicy(t.Context(), &ecr.DeleteLifecyclePolicyInput{RepositoryName: aws.String(name)})

			return err
		}, func(s repository.Settings) repository.Settings { s.UntaggedDays, s.KeepImages = 0, 0; return s }, ""},
		"a policy of somebody else's": {func(c *ecr.Client) error {
			_, err := c.PutLifecyclePolicy(t.Context(), &ecr.PutLifecyclePolicyInput{RepositoryName: aws.String(name), LifecyclePolicyText: aws.String(foreign)})

			return err
		}, func(s repository.Settings) repository.Settings { s.UntaggedDays, s.KeepImages = 0, 0; return s }, ""},
		"tags": {func(c *ecr.Client) error {
			arn := "arn:aws:ecr:" + awstest.Region + ":" + account(t, c) + ":repository/" + name
			_, err := c.UntagResource(t.Context(), &ecr.UntagResourceInput{ResourceArn: aws.String(arn), TagKeys: []string{"team", session.TagKind}})

			return err
		}, func(s repository.Settings) repository.Settings { return s }, "tag team is missing"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			d := awstest.Start(t)
			r := wanted(d)
			ensure(t, r, claim())

			if err := test.tamper(client(d)); err != nil {
				t.Fatal(err)
			}

			found, seen := observe(t, r, known())
			if found != test.found(r.Settings) || test.drift != "" && !slices.Contains(seen.Drift, test.drift) {
				t.Errorf("found %+v, drift %v", found, seen.Drift)
			}

			ensure(t, r, known())

			if found, seen := observe(t, r, known()); found != r.Settings || len(seen.Drift) > 0 {
				t.Errorf("after the repair: %+v, drift %v", found, seen.Drift)
			}
		})
	}
}

func account(t *testing.T, c *ecr.Client) string {
	t.Helper()

	answer, err := c.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{RepositoryNames: []string{name}})
	if err != nil {
		t.Fatal(err)
	}

	return *answer.Repositories[0].RegistryId
}

// foreign is a policy with rules that keep ours out, and one that does not.
const foreign = `{"rules":[
 {"rulePriority":1,"description":"theirs","selection":{"tagStatus":"untagged","countType":"imageCountMoreThan","countNumber":3},"action":{"type":"expire"}},
 {"rulePriority":2,"description":"releases","selection":{"tagStatus":"tagged","tagPrefixList":["v"],"countType":"imageCountMoreThan","countNumber":50},"action":{"type":"expire"}},
 {"rulePriority":3,"description":"theirs, too","selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}`

func TestRepository_KeepsWhatOthersAdd(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	ensure(t, r, claim())

	c := client(d)
	if _, err := c.PutLifecyclePolicy(t.Context(), &ecr.PutLifecyclePolicyInput{RepositoryName: aws.String(name), LifecyclePolicyText: aws.String(foreign)}); err != nil {
		t.Fatal(err)
	}

	arn := "arn:aws:ecr:" + awstest.Region + ":" + account(t, c) + ":repository/" + name
	if _, err := c.TagResource(t.Context(), &ecr.TagResourceInput{ResourceArn: aws.String(arn), Tags: []types.Tag{{Key: aws.String("theirs"), Value: aws.String("x")}}}); err != nil {
		t.Fatal(err)
	}

	next := known()
	next.Labels, next.Former = map[string]string{"stage": "prod"}, map[string]string{"team": "ml"}
	ensure(t, r, next)

	_, seen := observe(t, r, next)
	if seen.Tags["theirs"] != "x" || seen.Tags["stage"] != "prod" || seen.Tags["team"] != "" || len(seen.Drift) > 0 {
		t.Errorf("tags are %v, drift %v", seen.Tags, seen.Drift)
	}

	if text := lifecycleOf(t, d); !strings.Contains(text, "releases") || strings.Contains(text, "theirs") {
		t.Errorf("policy is %s", text)
	}

	r.Settings.UntaggedDays, r.Settings.KeepImages = 0, 0
	ensure(t, r, next)

	if text := lifecycleOf(t, d); !strings.Contains(text, "releases") || strings.Contains(text, "mlstacks") {
		t.Errorf("without our rules the policy is %s", text)
	}
}

func TestRepository_LeavesNoPolicyWhenNoneIsWanted(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	ensure(t, r, claim())

	r.Settings.UntaggedDays, r.Settings.KeepImages = 0, 0
	ensure(t, r, known())

	if text := lifecycleOf(t, d); text != "" {
		t.Errorf("policy is %s", text)
	}
}

func TestRepository_GivesTheRuleAboutAnyImageTheLastPlace(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	r.Settings.KeepImages, r.Settings.UntaggedDays = 0, 0
	ensure(t, r, claim())

	theirs := `{"rules":[{"rulePriority":1,"description":"all of them","selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":9},"action":{"type":"expire"}}]}`
	if _, err := client(d).PutLifecyclePolicy(t.Context(), &ecr.PutLifecyclePolicyInput{RepositoryName: aws.String(name), LifecyclePolicyText: aws.String(theirs)}); err != nil {
		t.Fatal(err)
	}

	r.Settings.UntaggedDays = 7
	ensure(t, r, known())

	var policy struct {
		Rules []struct {
			RulePriority int
			Description  string
		}
	}
	if err := json.Unmarshal([]byte(lifecycleOf(t, d)), &policy); err != nil {
		t.Fatal(err)
	}

	order := map[string]int{}
	for _, rule := range policy.Rules {
		order[rule.Description] = rule.RulePriority
	}

	if len(order) != 2 || order["all of them"] <= order["mlstacks: images without a tag"] {
		t.Errorf("priorities are %v", order)
	}
}

func TestRepository_WithImagesGoesOnlyByForce(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	ensure(t, r, claim())
	push(t, d)

	if err := r.Remove(t.Context(), known()); !errors.Is(err, backend.ErrHoldsData) {
		t.Errorf("remove: %v", err)
	}

	r.Force = true

	for range 2 {
		if err := r.Remove(t.Context(), known()); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := r.Observe(t.Context(), known()); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("observe: %v", err)
	}

	ensure(t, r, known()) // what was deleted by hand is made again
}

func TestRepository_WithAnotherKeyIsNotTakenOver(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	r := wanted(d)
	ensure(t, r, claim())

	r.Settings.KMSKey = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"

	made, err := r.Ensure(t.Context(), claim())
	if err == nil || !made.Exists || !strings.Contains(err.Error(), "has to be made anew") {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestRepository_ThatCannotBeAskedIsNotGone(t *testing.T) {
	t.Parallel()

	for _, status := range []int{404, 500} {
		d := awstest.Start(t)
		r := wanted(d)
		ensure(t, r, claim())
		d.Inject(awstest.Fault{Operation: "ecr:*", HTML: true, Status: status, Times: -1})

		login := d.Login()
		login.MaxRetries = 1
		r.Session = session.New(login)

		if _, err := r.Observe(t.Context(), known()); err == nil || errors.Is(err, backend.ErrNotFound) || !errors.Is(err, backend.ErrUnreachable) {
			t.Errorf("HTTP %d: observe: %v", status, err)
		}

		if err := r.Remove(t.Context(), known()); err == nil {
			t.Errorf("HTTP %d: remove claims to have succeeded", status)
		}
	}
}

func TestRepository_WaitsWhenItIsThrottled(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	hits := d.Inject(awstest.Fault{Operation: "ecr:*", Code: "ThrottlingException", Times: 2})
	ensure(t, wanted(d), claim())

	if hits() != 2 {
		t.Errorf("throttled %d times", hits())
	}
}
