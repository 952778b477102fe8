package catalog_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor/flavortest"
)

// Whichever call to AWS fails, the next apply finishes the job, and destroy leaves nothing.
func TestAWS_ConvergesWhicheverCallFails(t *testing.T) {
	t.Parallel()

	eachInAWS(t, func(t *testing.T, s scene) {
		t.Helper()

		for _, verb := range []string{"create", "update", "delete"} {
			for n := 0; ; n++ {
				if n == 200 {
					t.Fatalf("%s: there is no end of calls", verb)
				}

				if !s.fails(t, verb, n) {
					t.Logf("report: %s fails at each of %d calls, and converges", verb, n)

					break
				}
			}
		}
	})
}

// An answer that is lost after AWS has acted costs nothing: what was made is found again.
func TestAWS_FindsItsOwnWhereAnAnswerWasLost(t *testing.T) {
	t.Parallel()

	eachInAWS(t, func(t *testing.T, s scene) {
		t.Helper()

		for n := range 200 {
			double := aws.Start(t)
			in := s.input(double, 0)
			hit := double.Inject(aws.Fault{Operation: "*", Mutating: true, After: n, Times: 1, LoseAnswer: true})

			made, err := s.flavor.Create(t.Context(), in, s.first.Full)
			if err != nil {
				t.Fatalf("write %d lost its answer: %v", n, err)
			}

			s.whole(t, fmt.Sprintf("write %d lost its answer", n), in, made, s.first)

			if err := s.flavor.Delete(t.Context(), s.known(in, made), made.ID, s.first.Stored); err != nil {
				t.Fatalf("delete: %v", err)
			}

			if hit() == 0 {
				return
			}
		}

		t.Fatal("there is no end of calls")
	})
}

// A page that answers, as a proxy or a wrong endpoint sends it, is never taken for an answer of AWS.
func TestAWS_TakesNoPageForGone(t *testing.T) {
	t.Parallel()

	eachInAWS(t, func(t *testing.T, s scene) {
		t.Helper()

		for _, status := range []int{http.StatusNotFound, http.StatusInternalServerError} {
			double := aws.Start(t)
			in := s.input(double, 1)

			made, err := s.flavor.Create(t.Context(), in, s.first.Full)
			if err != nil {
				t.Fatal(err)
			}

			calls := len(double.Calls())

			s.read(t, in, made)

			for n := range len(double.Calls()) - calls {
				double.Inject(aws.Fault{Operation: "*", After: n, Times: 1, Status: status, HTML: true})

				_, _, err := s.flavor.Read(t.Context(), s.known(in, made), made.ID, s.first.Stored)
				if err == nil || errors.Is(err, flavor.ErrNotFound) {
					t.Errorf("HTTP %d with a page at call %d of a read: %v", status, n, err)
				}
			}

			if err := s.flavor.Delete(t.Context(), s.known(in, made), made.ID, s.first.Stored); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// scene is a flavor with two configurations of its example.
type scene struct {
	kind          flavor.Kind
	flavor        flavor.Flavor
	first, second flavortest.Given
}

// eachInAWS tries every flavor in AWS; some need what is not theirs, such as a network.
func eachInAWS(t *testing.T, try func(*testing.T, scene)) {
	t.Helper()

	if os.Getenv(aws.Variable) == "" {
		t.Skipf("SKIPPED: %s is not set", aws.Variable)
	}

	each(func(kind flavor.Kind, f flavor.Flavor) {
		if f.Cloud != amazon.Cloud || f.Records() || needsNetwork[f.Name] || kind.Hosts { // clusters have tests of their own
			return
		}

		t.Run(kind.Name+"."+f.Name, func(t *testing.T) {
			t.Parallel()

			e := readExample(t, kind, f)
			first, second := flavortest.Give(t, kind, f, e.config, e.changed(kind, f))

			try(t, scene{kind: kind, flavor: f, first: first, second: second})
		})
	})
}

// input is a component in an account of its own. retries is how often a call is tried; 0 for as often as ever.
func (s scene) input(double *aws.Double, retries int) flavor.Input {
	login := double.Login()
	login.MaxRetries = retries

	return flavor.Input{
		Kind: s.kind.Name, Name: "component", Managed: true, Labels: map[string]string{"team": "ml"},
		Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(login)}},
	}
}

// known is the input of an operation on what the state has.
func (s scene) known(in flavor.Input, made flavor.Result) flavor.Input {
	in.Was, in.Incarnation, in.Outputs = in.Name, made.Incarnation, made.Outputs

	return in
}

// fails lets the nth call of an operation fail, does what Terraform then does, and says whether there was an nth call.
func (s scene) fails(t *testing.T, verb string, n int) bool {
	t.Helper()

	double := aws.Start(t)
	in := s.input(double, 1)
	what := fmt.Sprintf("%s failed at call %d", verb, n)

	made := flavor.Result{}

	var err error

	if verb != "create" {
		if made, err = s.flavor.Create(t.Context(), in, s.first.Full); err != nil {
			t.Fatal(err)
		}
	}

	hits := double.Inject(aws.Fault{Operation: "*", After: n, Times: 1, Status: http.StatusInternalServerError, Code: "InternalFailure", Message: "try again"})

	failed := s.run(t, verb, in, &made)
	hit := hits() > 0

	if !hit { // the fault is still to come: to this call, or to none
		_, _, _ = s.flavor.Read(t.Context(), s.known(in, made), made.ID, s.first.Stored)
	}

	switch {
	case failed == nil: // or what failed does not matter
	case verb == "create":
		s.again(t, what, in, &made)
	default:
		if err := s.run(t, verb, in, &made); err != nil {
			t.Fatalf("%s, and again: %v", what, err)
		}
	}

	given := s.first
	if verb == "update" {
		given = s.second
	}

	if verb != "delete" {
		s.whole(t, what, in, made, given)

		if err := s.flavor.Delete(t.Context(), s.known(in, made), made.ID, given.Stored); err != nil {
			t.Fatalf("%s: delete: %v", what, err)
		}
	}

	if left := double.Left(t, aws.Region); len(left) > 0 {
		t.Fatalf("%s: left over: %q", what, left)
	}

	return hit
}

func (s scene) run(t *testing.T, verb string, in flavor.Input, made *flavor.Result) error {
	t.Helper()

	var err error

	switch verb {
	case "create":
		*made, err = s.flavor.Create(t.Context(), in, s.first.Full)
	case "update":
		var updated flavor.Result

		if updated, err = s.flavor.Update(t.Context(), s.known(in, *made), made.ID, s.first.Stored, s.second.Full); err == nil {
			made.Outputs = updated.Outputs
		}
	case "delete":
		err = s.flavor.Delete(t.Context(), s.known(in, *made), made.ID, s.first.Stored)
	}

	return err //nolint:wrapcheck // the test words it
}

// again is the apply after a create that failed: what it has saved is tainted, and replaced.
func (s scene) again(t *testing.T, what string, in flavor.Input, made *flavor.Result) {
	t.Helper()

	if made.ID != "" {
		if err := s.flavor.Delete(t.Context(), s.known(in, *made), made.ID, s.first.Stored); err != nil {
			t.Fatalf("%s: replace: %v", what, err)
		}
	}

	var err error
	if *made, err = s.flavor.Create(t.Context(), in, s.first.Full); err != nil {
		t.Fatalf("%s, and again: %v", what, err)
	}
}

func (s scene) read(t *testing.T, in flavor.Input, made flavor.Result) (types.Object, flavor.Result) {
	t.Helper()

	observed, result, err := s.flavor.Read(t.Context(), s.known(in, made), made.ID, s.first.Stored)
	if err != nil {
		t.Fatal(err)
	}

	return observed, result
}

// whole checks that everything is as it was described.
func (s scene) whole(t *testing.T, what string, in flavor.Input, made flavor.Result, given flavortest.Given) {
	t.Helper()

	observed, result, err := s.flavor.Read(t.Context(), s.known(in, made), made.ID, given.Stored)
	if err != nil {
		t.Fatalf("%s: read: %v", what, err)
	}

	if !observed.Equal(given.Stored) || len(result.Drift) > 0 {
		t.Fatalf("%s: observed %s, want %s; drift %q", what, observed, given.Stored, result.Drift)
	}
}

// With the login of another account nothing of a component is found, and that does not mean that it is gone.
func TestAWS_KeepsOutOfOtherAccounts(t *testing.T) {
	t.Parallel()

	eachInAWS(t, func(t *testing.T, s scene) {
		t.Helper()

		double := aws.Start(t)
		in := s.input(double, 0)

		made, err := s.flavor.Create(t.Context(), in, s.first.Full)
		if err != nil {
			t.Fatal(err)
		}

		before := double.Left(t, aws.Region)

		if made.Outputs["account"] != "" { // names of buckets are unique, and need no account to be told apart
			elsewhere := s.known(in, made)
			elsewhere.Clouds = s.input(aws.Start(t), 0).Clouds

			if _, _, err := s.flavor.Read(t.Context(), elsewhere, made.ID, s.first.Stored); err == nil || errors.Is(err, flavor.ErrNotFound) {
				t.Errorf("read: %v", err)
			}

			if _, err := s.flavor.Update(t.Context(), elsewhere, made.ID, s.first.Stored, s.first.Full); err == nil {
				t.Error("update goes on in another account")
			}

			if err := s.flavor.Delete(t.Context(), elsewhere, made.ID, s.first.Stored); err == nil || errors.Is(err, flavor.ErrNotFound) {
				t.Errorf("delete: %v", err)
			}
		}

		if after := double.Left(t, aws.Region); !slices.Equal(before, after) {
			t.Errorf("there was %q, and is %q", before, after)
		}

		if err := s.flavor.Delete(t.Context(), s.known(in, made), made.ID, s.first.Stored); err != nil {
			t.Fatal(err)
		}
	})
}

// What is left of a component whose first object somebody has deleted is seen, mended and removed.
func TestAWS_LeavesNoOrphans(t *testing.T) {
	t.Parallel()

	eachInAWS(t, func(t *testing.T, s scene) {
		t.Helper()

		if s.kind.Name+"."+s.flavor.Name != "orchestrator.sagemaker" {
			return
		}

		double := aws.Start(t)
		in := s.input(double, 0)

		made, err := s.flavor.Create(t.Context(), in, s.first.Full)
		if err != nil {
			t.Fatal(err)
		}

		known := s.known(in, made)
		other := iam.NewFromConfig(double.Config(aws.Region))
		name := sdk.String(made.Outputs["role_name"])

		if _, err := other.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: sdk.String("runtime")}); err != nil {
			t.Fatal(err)
		}

		if _, err := other.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: name}); err != nil {
			t.Fatal(err)
		}

		_, result, err := s.flavor.Read(t.Context(), known, made.ID, s.first.Stored)
		if err != nil || len(result.Drift) != 1 || !strings.Contains(result.Drift[0], "does not exist") {
			t.Errorf("drift is %q: %v", result.Drift, err)
		}

		if _, err := s.flavor.Update(t.Context(), known, made.ID, s.first.Stored, s.first.Full); err != nil {
			t.Fatal(err)
		}

		s.whole(t, "the role was deleted", in, made, s.first)

		if err := s.flavor.Delete(t.Context(), known, made.ID, s.first.Stored); err != nil {
			t.Fatal(err)
		}

		if left := double.Left(t, aws.Region); len(left) > 0 {
			t.Errorf("left over: %q", left)
		}
	})
}
