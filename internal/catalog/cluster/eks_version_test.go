package cluster

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/eks"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// A version that EKS cannot go to is refused before anything is changed, and with what to write: EKS may have upgraded the
// cluster by itself.
func TestEKS_RefusesVersionsThatEKSCannotGoTo(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	in := running(t, d)
	since := createdAt(t, d)

	if _, err := sdk.NewFromConfig(d.Config(awstest.Region)).UpdateClusterVersion(t.Context(), &sdk.UpdateClusterVersionInput{
		Name: aws.String("dev"), Version: aws.String("1.36"),
	}); err != nil {
		t.Fatal(err)
	}

	observed, seen, err := eksDriver{}.Read(t.Context(), in, "dev", plain())
	if err != nil || observed.Version != "1.36" || seen.Version != "1.36" {
		t.Fatalf("%+v %+v %v", observed, seen, err)
	}

	d.Reset()

	_, err = eksDriver{}.Update(t.Context(), in, "dev", observed, plain())
	if said, ok := errors.AsType[*flavor.AttributeError](err); !ok || !slices.Equal(said.Attribute, []string{"version"}) || !strings.Contains(said.Fix, `Set version = "1.36"`) {
		t.Errorf("it says %v", err)
	}

	for _, call := range d.Calls() {
		if !strings.Contains(call.Operation, ":Describe") && !strings.Contains(call.Operation, ":Get") {
			t.Errorf("it calls %s", call.Operation)
		}
	}

	wanted := plain()
	wanted.Version = "1.36"

	changed, err := eksDriver{}.Update(t.Context(), in, "dev", observed, wanted)
	if err != nil || changed.Version != "1.36" || !createdAt(t, d).Equal(since) {
		t.Errorf("%+v, %v", changed, err)
	}

	if _, seen, err := (eksDriver{}).Read(t.Context(), in, "dev", wanted); err != nil || len(seen.Drift) > 0 {
		t.Errorf("%q, %v", seen.Drift, err)
	}
}

func TestReachable_SaysWhatToWrite(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ running, wanted, says, fix string }{
		{"1.34", "1.34", "", ""},
		{"1.34", "1.35", "", ""},
		{"1.34", "", "", ""},
		{"", "1.34", "", ""},
		{"1.34", "latest", "", ""}, // others refuse it
		{"1.34", "1.36", "goes up one minor version at a time", `Set version = "1.35" first`},
		{"1.34", "1.33", "does not go back", `Set version = "1.34" first`},
	} {
		err := reachable(test.running, test.wanted)
		if (err == nil) != (test.says == "") {
			t.Errorf("%s to %s: %v", test.running, test.wanted, err)
		}

		if said, ok := errors.AsType[*flavor.AttributeError](err); ok && (!strings.Contains(said.Error(), test.says) || !strings.Contains(said.Fix, test.fix)) {
			t.Errorf("%s to %s: %s %s", test.running, test.wanted, said, said.Fix)
		}
	}
}
