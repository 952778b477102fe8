package role

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// machines is an account with a role, and the profile that is to hold it.
func machines(t *testing.T) (*awstest.Double, *iam.Client, Profile, part.Claim) {
	t.Helper()

	d := awstest.Start(t)
	client := iam.NewFromConfig(d.Config(awstest.Region))

	if _, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("machines"), AssumeRolePolicyDocument: aws.String("{}")}); err != nil {
		t.Fatal(err)
	}

	return d, client, Profile{Session: session.New(d.Login()), Name: "machines"}, part.Claim{
		Owner: backend.Owner{Kind: "orchestrator", Flavor: "skypilot_aws", Name: "sky", Labels: map[string]string{"team": "a"}}, Was: "sky", Fresh: "first",
	}
}

func recorded(c part.Claim) part.Claim {
	c.Known, c.Incarnation = true, c.Fresh

	return c
}

func TestProfile_HoldsItsRoleAgainAfterItWasTakenOut(t *testing.T) {
	t.Parallel()

	d, client, p, c := machines(t)

	if made, err := p.Ensure(t.Context(), c); err != nil || !made.Exists || len(d.Calls()) != 2 {
		t.Fatalf("ensure: %+v, %v; %v", made, err, d.Calls())
	}

	if seen, err := p.Observe(t.Context(), recorded(c)); err != nil || len(seen.Drift) > 0 {
		t.Fatalf("observe: %q, %v", seen.Drift, err)
	}

	_, err := client.RemoveRoleFromInstanceProfile(t.Context(), &iam.RemoveRoleFromInstanceProfileInput{
		InstanceProfileName: aws.String("machines"), RoleName: aws.String("machines"),
	})
	if err != nil {
		t.Fatal(err)
	}

	if seen, err := p.Observe(t.Context(), recorded(c)); err != nil || !slices.Equal(seen.Drift, []string{`role "machines" is not in instance profile "machines"`}) {
		t.Errorf("observe: %q, %v", seen.Drift, err)
	}

	if _, err := p.Ensure(t.Context(), recorded(c)); err != nil {
		t.Fatal(err)
	}

	if seen, err := p.Observe(t.Context(), recorded(c)); err != nil || len(seen.Drift) > 0 {
		t.Errorf("observe after repair: %q, %v", seen.Drift, err)
	}

	for range 2 {
		if err := p.Remove(t.Context(), recorded(c)); err != nil {
			t.Errorf("remove: %v", err)
		}
	}

	if left := d.Left(t, awstest.Region); !slices.Equal(left, []string{"role machines"}) {
		t.Errorf("left over: %q", left)
	}
}

func TestProfile_TagsFollowLabels(t *testing.T) {
	t.Parallel()

	_, client, p, c := machines(t)

	if _, err := p.Ensure(t.Context(), c); err != nil {
		t.Fatal(err)
	}

	_, err := client.TagInstanceProfile(t.Context(), &iam.TagInstanceProfileInput{
		InstanceProfileName: aws.String("machines"), Tags: []types.Tag{{Key: aws.String("theirs"), Value: aws.String("1")}},
	})
	if err != nil {
		t.Fatal(err)
	}

	next := recorded(c)
	next.Former, next.Labels = c.Labels, map[string]string{"cost": "1"}

	if _, err := p.Ensure(t.Context(), next); err != nil {
		t.Fatal(err)
	}

	live, _, err := p.get(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}

	tags := tagMap(live.Tags)
	if _, left := tags["team"]; left || tags["cost"] != "1" || tags["theirs"] != "1" {
		t.Errorf("tags: %v", tags)
	}
}

func TestProfile_OfOthersIsRefusedAndKept(t *testing.T) {
	t.Parallel()

	_, client, p, c := machines(t)

	if _, err := client.CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("machines")}); err != nil {
		t.Fatal(err)
	}

	if made, err := p.Ensure(t.Context(), c); made.Exists || !errors.Is(err, backend.ErrForeign) {
		t.Errorf("ensure: %+v, %v", made, err)
	}

	c.Fresh, c.Name, c.Was = "second", "other", "other"

	if _, err := client.TagInstanceProfile(t.Context(), &iam.TagInstanceProfileInput{
		InstanceProfileName: aws.String("machines"), Tags: []types.Tag{
			{Key: aws.String(session.TagKind), Value: aws.String("orchestrator")}, {Key: aws.String(session.TagName), Value: aws.String("theirs")},
		},
	}); err != nil {
		t.Fatal(err)
	}

	if err := p.Remove(t.Context(), recorded(c)); err != nil {
		t.Errorf("remove: %v", err)
	}

	if _, _, err := p.get(t.Context(), client); err != nil {
		t.Errorf("it is gone: %v", err)
	}
}
