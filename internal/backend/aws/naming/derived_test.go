package naming

import (
	"math/rand/v2"
	"strings"
	"testing"
)

var targets = map[string]Target{
	"bucket": ForBucket, "repository": ForRepository, "role": ForRole, "policy": ForPolicy, "pipeline": ForPipeline,
	"SageMaker": ForSageMaker, "feature group": ForFeatureGroup, "CodeBuild": ForCodeBuild, "EKS": ForEKS,
	"App Runner": ForAppRunner, "schedule": ForSchedule, "secret": ForSecret, "log group": ForLogGroup, "database": ForDatabase,
}

func TestDerived_ReadsLikeTheName(t *testing.T) {
	t.Parallel()

	for _, one := range []struct {
		target Target
		name   string
		suffix []string
		want   string
	}{
		{ForBucket, "artifacts", nil, "artifacts"},
		{ForBucket, "My_Artifacts", []string{"123456789012", "eu-west-1"}, "my-artifacts-123456789012-eu-west-1"},
		{ForRepository, "Zen__ML", nil, "zen-ml"},
		{ForRole, "My_Stack", []string{"sagemaker", "runtime"}, "My_Stack-sagemaker-runtime"},
		{ForSageMaker, "my_models", nil, "my-models"},
		{ForDatabase, "1st_db", nil, "m-1st-db"},
		{ForRole, "---", nil, "mlstacks"},
		{ForBucket, "xn--a", nil, "xn-a"},
		{ForBucket, "sthree-a", nil, "m-sthree-a"},
		{ForBucket, "amzn-s3-demo-a", nil, "m-amzn-s3-demo-a"},
	} {
		if got := Derived(one.target, one.name, one.suffix...); got != one.want {
			t.Errorf("%q: got %q, want %q", one.name, got, one.want)
		}
	}
}

func TestDerived_KeepsTheWordsBehindALongName(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("long-name-", 20)
	one, other := Derived(ForRole, long+"a", "runtime"), Derived(ForRole, long+"b", "runtime")

	if one == other {
		t.Errorf("two long names became one: %s", one)
	}

	for _, name := range []string{one, other} {
		if len(name) > 64 || !strings.HasSuffix(name, "-runtime") || !strings.HasPrefix(name, "long-name-") {
			t.Errorf("%q is not a short form of the name", name)
		}
	}

	if again := Derived(ForRole, long+"a", "runtime"); again != one {
		t.Errorf("the same name became %q and %q", one, again)
	}
}

func TestDerived_FitsExactlyOrIsShortened(t *testing.T) {
	t.Parallel()

	for what, target := range targets {
		fits := strings.Repeat("a", target.max)
		if got := Derived(target, fits); got != fits {
			t.Errorf("%s: a name of %d characters was changed to %q", what, target.max, got)
		}

		got := Derived(target, fits+"a")
		if len(got) > target.max || got == fits {
			t.Errorf("%s: a name of %d characters became %q", what, target.max+1, got)
		}
	}
}

func TestDerived_IsValidForEveryTarget(t *testing.T) {
	t.Parallel()

	const alphabet = "abzABZ019__--"

	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // Names to test with are no secrets.
	word := func(most int) string {
		letters := make([]byte, random.IntN(most+1))
		for i := range letters {
			letters[i] = alphabet[random.IntN(len(alphabet))]
		}

		return string(letters)
	}

	names := []string{"", "a", "_", "-s3alias", "x-s3alias", "key-ABC123", "--x-s3", "aws-", "0", "a--table-s3", strings.Repeat("-", 300), strings.Repeat("0_", 400)}
	for range 600 {
		names = append(names, word(80))
	}

	for what, target := range targets {
		for _, name := range names {
			for _, suffix := range [][]string{nil, {"runtime"}, {word(10), word(60)}} {
				if problem := target.judge(Derived(target, name, suffix...)); problem != "" {
					t.Fatalf("%s from %q and %q: %s", what, name, suffix, problem)
				}
			}
		}
	}
}
