package models

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func owner(name string, labels map[string]string) backend.Owner {
	return backend.Owner{Kind: "model_registry", Flavor: "sagemaker", Name: name, Labels: labels}
}

func group(d *awstest.Double) Group {
	return Group{Session: session.New(d.Login()), Name: "churn", Description: "Who leaves."}
}

func claim(name string, labels map[string]string) part.Claim {
	return part.Claim{Owner: owner(name, labels), Was: name, Fresh: "first"}
}

func known(c part.Claim) part.Claim {
	c.Known, c.Incarnation = true, c.Fresh

	return c
}

func tags(t *testing.T, d *awstest.Double, g Group) map[string]string {
	t.Helper()

	arn, err := g.ARN(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	answer, err := sagemaker.NewFromConfig(d.Config(awstest.Region)).ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: aws.String(arn)})
	if err != nil {
		t.Fatal(err)
	}

	found := map[string]string{}
	for _, tag := range answer.Tags {
		found[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}

	return found
}

func TestGroup_IsMadeWithOneCallAndGoesWithThree(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g, c := group(d), claim("models", nil)

	if made, err := g.Ensure(t.Context(), c); err != nil || !made.Exists || len(d.Calls()) != 1 {
		t.Fatalf("ensure: %+v, %v; %v", made, err, d.Calls())
	}

	seen, err := g.Observe(t.Context(), known(c))
	if found, ok := seen.Facts.(Found); err != nil || !ok || len(seen.Drift) > 0 || found.Description != "Who leaves." ||
		!strings.HasSuffix(found.ARN, ":model-package-group/churn") {
		t.Fatalf("observe: %+v, %v", seen, err)
	}

	d.Reset()

	if err := g.Remove(t.Context(), known(c)); err != nil || len(d.Calls()) != 3 {
		t.Fatalf("remove: %v; %v", err, d.Calls())
	}

	if _, err := g.Observe(t.Context(), known(c)); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("what is gone: %v", err)
	}

	if err := g.Remove(t.Context(), known(c)); err != nil {
		t.Errorf("removing what is gone: %v", err)
	}
}

func TestGroup_TakesOverItsOwnAfterALostAnswer(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g, c := group(d), claim("models", nil)

	d.Inject(awstest.Fault{Operation: "sagemaker:CreateModelPackageGroup", LoseAnswer: true})

	if made, err := g.Ensure(t.Context(), c); err != nil || !made.Exists {
		t.Fatalf("ensure: %+v, %v", made, err)
	}

	c.Fresh = "second" // of a run that was killed, an apply knows no incarnation

	if made, err := g.Ensure(t.Context(), c); err != nil || !made.Exists || tags(t, d, g)[session.TagIncarnation] != "second" {
		t.Errorf("ensure again: %+v, %v; %v", made, err, tags(t, d, g))
	}
}

func TestGroup_OfOthersIsRefusedAndKept(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g := group(d)

	if _, err := g.Ensure(t.Context(), claim("theirs", nil)); err != nil {
		t.Fatal(err)
	}

	ours := claim("ours", nil)

	if made, err := g.Ensure(t.Context(), ours); made.Exists || !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), `"theirs"`) {
		t.Errorf("ensure: %+v, %v", made, err)
	}

	ours.Fresh = "another"

	if _, err := g.Observe(t.Context(), known(ours)); !errors.Is(err, backend.ErrForeign) {
		t.Errorf("observe: %v", err)
	}

	if err := g.Remove(t.Context(), known(ours)); err != nil || tags(t, d, g)[session.TagName] != "theirs" {
		t.Errorf("remove: %v", err)
	}
}

func TestGroup_TagsFollowLabelsAndLeaveThoseOfOthers(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g, c := group(d), claim("models", map[string]string{"team": "a", "cost": "1"})

	if _, err := g.Ensure(t.Context(), c); err != nil {
		t.Fatal(err)
	}

	arn, err := g.ARN(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	_, err = sagemaker.NewFromConfig(d.Config(awstest.Region)).AddTags(t.Context(), &sagemaker.AddTagsInput{
		ResourceArn: aws.String(arn), Tags: []types.Tag{{Key: aws.String("theirs"), Value: aws.String("1")}, {Key: aws.String("team"), Value: aws.String("x")}},
	})
	if err != nil {
		t.Fatal(err)
	}

	if seen, err := g.Observe(t.Context(), known(c)); err != nil || !slices.Equal(seen.Drift, []string{`tag team is "x", should be "a"`}) {
		t.Errorf("observe: %q, %v", seen.Drift, err)
	}

	next := known(claim("models", map[string]string{"team": "b", "new": "1"}))
	next.Former = c.Labels

	if _, err := g.Ensure(t.Context(), next); err != nil {
		t.Fatal(err)
	}

	found := tags(t, d, g)
	if _, left := found["cost"]; left || found["team"] != "b" || found["new"] != "1" || found["theirs"] != "1" {
		t.Errorf("tags: %v", found)
	}

	d.Reset()

	if _, err := g.Ensure(t.Context(), next); err != nil || d.Count("sagemaker:AddTags") != 0 {
		t.Errorf("nothing has changed: %v; %v", err, d.Calls())
	}
}

func TestGroup_WithVersionsIsKept(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	g, c := group(d), claim("models", nil)

	if _, err := g.Ensure(t.Context(), c); err != nil {
		t.Fatal(err)
	}

	_, err := sagemaker.NewFromConfig(d.Config(awstest.Region)).CreateModelPackage(t.Context(), &sagemaker.CreateModelPackageInput{
		ModelPackageGroupName: aws.String("churn"),
	})
	if err != nil {
		t.Fatal(err)
	}

	if err := g.Remove(t.Context(), known(c)); !errors.Is(err, backend.ErrHoldsData) || !strings.Contains(err.Error(), "1 versions") {
		t.Errorf("remove: %v", err)
	}
}

func TestGroup_OnlySageMakerSaysThatItIsGone(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	login := d.Login()
	login.MaxRetries = 1
	g, c := group(d), claim("models", nil)
	g.Session = session.New(login)

	if _, err := g.Ensure(t.Context(), c); err != nil {
		t.Fatal(err)
	}

	for _, fault := range []awstest.Fault{
		{HTML: true, Status: http.StatusNotFound},
		{HTML: true, Status: http.StatusInternalServerError},
		{Status: http.StatusServiceUnavailable},
		{Code: "AccessDeniedException", Message: "no", Status: http.StatusForbidden},
		{Code: "ValidationException", Message: "bad name"},
		{Cut: true},
	} {
		d.Reset()

		fault.Operation, fault.Times = "sagemaker:*", -1
		d.Inject(fault)

		if _, err := g.Observe(t.Context(), known(c)); err == nil || errors.Is(err, backend.ErrNotFound) {
			t.Errorf("%+v: observe: %v", fault, err)
		}

		if err := g.Remove(t.Context(), known(c)); err == nil {
			t.Errorf("%+v: remove says that it is gone", fault)
		}
	}
}

func TestGroup_ThrottledCallsAreTriedAgain(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	hits := d.Inject(awstest.Fault{Operation: "sagemaker:CreateModelPackageGroup", Code: "ThrottlingException", Message: "Rate exceeded", Times: 2})

	if made, err := group(d).Ensure(t.Context(), claim("models", nil)); err != nil || !made.Exists || hits() != 2 {
		t.Errorf("ensure: %+v, %v; %d refusals", made, err, hits())
	}
}
