package role_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// rig is an account of the test's own, and somebody else who works in it.
type rig struct {
	double *aws.Double
	other  *iam.Client
	place  policy.Place
	login  *session.Session
}

func newRig(t *testing.T) rig {
	t.Helper()

	double := aws.Start(t)

	return rig{
		double: double, other: iam.NewFromConfig(double.Config(aws.Region)), login: session.New(double.Login()),
		place: policy.Place{Partition: "aws", Region: aws.Region, Account: double.Account},
	}
}

func (r rig) role() role.Role {
	return role.Role{
		Session: r.login, Name: "trainer", Path: "/mlstacks/", Description: "Trains.", Trust: policy.Trust("sagemaker.amazonaws.com", r.place.Account),
		Inline:  map[string]policy.Document{"stack": policy.ArtifactClient(r.place, policy.Bucket{Name: "acme"}), "none": {}},
		Managed: []string{"arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"},
	}
}

func (r rig) policy(bucket string) role.Policy {
	return role.Policy{
		Session: r.login, Place: r.place, Name: "client", Path: "/mlstacks/", Description: "For clients.",
		Document: policy.ArtifactClient(r.place, policy.Bucket{Name: bucket}),
	}
}

func claim(name, incarnation string) part.Claim {
	return part.Claim{Was: name, Fresh: incarnation, Owner: backend.Owner{
		Kind: "orchestrator", Flavor: "sagemaker", Name: name, Labels: map[string]string{"team": "ml"},
	}}
}

func known(name, incarnation string) part.Claim {
	c := claim(name, incarnation)
	c.Known, c.Incarnation = true, incarnation

	return c
}

func ensure(t *testing.T, p part.Part, c part.Claim) {
	t.Helper()

	if made, err := p.Ensure(t.Context(), c); err != nil || !made.Exists {
		t.Fatalf("%s: made %+v: %v", p.What(), made, err)
	}
}

// drift is what Observe sees, the facts of a role included.
func drift(t *testing.T, p part.Part, c part.Claim) []string {
	t.Helper()

	seen, err := p.Observe(t.Context(), c)
	if err != nil {
		t.Fatalf("%s: %v", p.What(), err)
	}

	if found, ok := seen.Facts.(role.Found); ok && found.Boundary != "" {
		seen.Drift = append(seen.Drift, "boundary "+found.Boundary)
	}

	return seen.Drift
}

func TestRole_TakesFewCallsAndLeavesNothing(t *testing.T) {
	t.Parallel()

	r := newRig(t)
	ensure(t, r.role(), claim("training", "one"))

	if calls := r.double.Calls(); len(calls) != 3 { // the role, a policy in it, and one attached
		t.Errorf("create took %d calls: %v", len(calls), calls)
	}

	r.double.Reset()

	if lines := drift(t, r.role(), known("training", "one")); len(lines) > 0 {
		t.Errorf("drift is %q", lines)
	}

	if calls := r.double.Calls(); len(calls) != 3 {
		t.Errorf("read took %d calls: %v", len(calls), calls)
	}

	// What others have given it goes with it.
	must(t, second(r.other.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: sdk.String("trainer"), PolicyName: sdk.String("theirs"), PolicyDocument: sdk.String(policy.ArtifactClient(r.place, policy.Bucket{Name: "b"}).JSON()),
	})))
	must(t, second(r.other.CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: sdk.String("machines")})))
	must(t, second(r.other.AddRoleToInstanceProfile(t.Context(), &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: sdk.String("machines"), RoleName: sdk.String("trainer"),
	})))

	for range 2 {
		must(t, r.role().Remove(t.Context(), known("training", "one")))
	}

	if left := r.double.Left(t, aws.Region); !slices.Equal(left, []string{"instance profile machines"}) {
		t.Errorf("left over: %q", left)
	}
}

func TestRole_SeesEachChangeAndBringsItBack(t *testing.T) {
	t.Parallel()

	name := sdk.String("trainer")

	for says, tamper := range map[string]func(ctx context.Context, r rig) error{
		`role "trainer" trusts others than it should`: func(ctx context.Context, r rig) error {
			return second(r.other.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: name, PolicyDocument: sdk.String(policy.Trust("ec2.amazonaws.com", "").JSON()),
			}))
		},
		`policy "stack" of role "trainer" does not exist`: func(ctx context.Context, r rig) error {
			return second(r.other.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: sdk.String("stack")}))
		},
		`policy "stack" of role "trainer" is not as it should be`: func(ctx context.Context, r rig) error {
			return second(r.other.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
				RoleName: name, PolicyName: sdk.String("stack"), PolicyDocument: sdk.String(policy.ArtifactClient(r.place, policy.Bucket{Name: "b"}).JSON()),
			}))
		},
		`arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy is not attached to role "trainer"`: func(ctx context.Context, r rig) error {
			return second(r.other.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: sdk.String(r.role().Managed[0])}))
		},
		`boundary arn:aws:iam::aws:policy/ReadOnlyAccess`: func(ctx context.Context, r rig) error {
			return second(r.other.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{
				RoleName: name, PermissionsBoundary: sdk.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
			}))
		},
		`tag team is "sales", should be "ml"`: func(ctx context.Context, r rig) error {
			return second(r.other.TagRole(ctx, &iam.TagRoleInput{RoleName: name, Tags: []types.Tag{{Key: sdk.String("team"), Value: sdk.String("sales")}}}))
		},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()

			r := newRig(t)
			ensure(t, r.role(), claim("training", "one"))
			must(t, tamper(t.Context(), r))

			if lines := drift(t, r.role(), known("training", "one")); !slices.Equal(lines, []string{says}) {
				t.Errorf("drift is %q", lines)
			}

			ensure(t, r.role(), known("training", "one"))

			if lines := drift(t, r.role(), known("training", "one")); len(lines) > 0 {
				t.Errorf("after the repair drift is %q", lines)
			}
		})
	}
}

func TestRole_IsFoundAgainAndNeverTakenFromOthers(t *testing.T) {
	t.Parallel()

	r := newRig(t)
	ctx := t.Context()

	r.double.Inject(aws.Fault{Operation: "iam:CreateRole", Times: 1, LoseAnswer: true})
	ensure(t, r.role(), claim("training", "one"))

	ensure(t, r.role(), claim("training", "two")) // a run that was killed before it was recorded

	if _, err := r.role().Observe(ctx, known("training", "one")); !errors.Is(err, backend.ErrForeign) {
		t.Errorf("the incarnation that was replaced: %v", err)
	}

	_, err := r.role().Ensure(ctx, claim("others", "three"))
	if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), `the orchestrator "training" of flavor sagemaker`) {
		t.Errorf("another component: %v", err)
	}

	must(t, r.role().Remove(ctx, known("others", "three")))
	must(t, r.role().Remove(ctx, known("training", "one")))

	if left := r.double.Left(t, aws.Region); !slices.Equal(left, []string{"role trainer"}) {
		t.Errorf("left is %q, want what belongs to the second incarnation", left)
	}

	changed := known("training", "two")
	changed.Labels, changed.Former = map[string]string{"stage": "prod"}, map[string]string{"team": "ml"}
	ensure(t, r.role(), changed)

	seen, err := r.role().Observe(ctx, changed)
	if err != nil || seen.Tags["stage"] != "prod" || seen.Tags["team"] != "" {
		t.Errorf("seen %+v: %v", seen, err)
	}
}

func TestPolicy_KeepsWithinItsVersionsAndGoesWithThem(t *testing.T) {
	t.Parallel()

	r := newRig(t)
	ctx := t.Context()
	c := known("training", "one")
	ensure(t, r.policy("acme-0"), claim("training", "one"))

	for i := range 7 { // IAM keeps five
		p := r.policy(fmt.Sprintf("acme-%d", i+1))

		if lines := drift(t, p, c); !slices.Equal(lines, []string{`policy "client" does not say what it should`}) {
			t.Errorf("drift is %q", lines)
		}

		ensure(t, p, c)

		if lines := drift(t, p, c); len(lines) > 0 {
			t.Errorf("drift is %q", lines)
		}
	}

	arn := sdk.String(role.PolicyARN(r.place, "/mlstacks/", "client"))
	must(t, second(r.other.CreateUser(ctx, &iam.CreateUserInput{UserName: sdk.String("ci")})))
	must(t, second(r.other.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: sdk.String("ci"), PolicyArn: arn})))

	if _, err := r.policy("acme").Ensure(ctx, claim("others", "two")); !errors.Is(err, backend.ErrForeign) {
		t.Errorf("another component: %v", err)
	}

	for range 2 {
		must(t, r.policy("acme").Remove(ctx, c))
	}

	if left := r.double.Left(t, aws.Region); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

func TestPolicy_IsFoundAgainWhereTheAnswerWasLost(t *testing.T) {
	t.Parallel()

	r := newRig(t)
	r.double.Inject(aws.Fault{Operation: "iam:CreatePolicy", Times: 1, LoseAnswer: true})
	ensure(t, r.policy("acme"), claim("training", "one"))

	if lines := drift(t, r.policy("acme"), known("training", "one")); len(lines) > 0 {
		t.Errorf("drift is %q", lines)
	}
}

func second(_ any, err error) error { return err }

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
