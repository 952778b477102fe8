package datavalidator

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var input = flavor.Input{Kind: "data_validator", Name: "main", Managed: true}

func context(t *testing.T) (root string, config types.Object) {
	t.Helper()

	root = filepath.Join(t.TempDir(), "gx")
	attributes := map[string]attr.Type{}

	for name, attribute := range GreatExpectations.Attributes(flavor.Kind{Name: input.Kind, ZenML: true}) {
		attributes[name] = attribute.GetType()
	}

	config, diags := types.ObjectValueFrom(t.Context(), attributes, greatExpectationsConfig{
		Place: owned.Place{Path: root}, Scaffold: true, ConfigureLocalDocs: true,
	})
	if diags.HasError() {
		t.Fatal(diags)
	}

	if _, err := GreatExpectations.Create(t.Context(), input, config); err != nil {
		t.Fatal(err)
	}

	return root, config
}

func TestGreatExpectations_RestoresWhatIsMissing(t *testing.T) {
	t.Parallel()

	root, config := context(t)

	if err := os.Remove(filepath.Join(root, "great_expectations.yml")); err != nil {
		t.Fatal(err)
	}

	observed, _, err := GreatExpectations.Read(t.Context(), input, root, config)
	if err != nil || observed.Attributes()["scaffold"].String() != "false" {
		t.Fatalf("does not show: %v, %v", observed, err)
	}

	if _, err := GreatExpectations.Update(t.Context(), input, root, observed, config); err != nil {
		t.Fatal(err)
	}

	observed, _, err = GreatExpectations.Read(t.Context(), input, root, config)
	if err != nil || !observed.Equal(config) {
		t.Errorf("not restored: %v, %v", observed, err)
	}
}

func TestGreatExpectations_KeepsExpectationsUnlessForced(t *testing.T) {
	t.Parallel()

	root, config := context(t)

	if err := os.WriteFile(filepath.Join(root, "expectations", "suite.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := GreatExpectations.Delete(t.Context(), input, root, config); !errors.Is(err, flavor.ErrHoldsData) {
		t.Errorf("deleted: %v", err)
	}
}

// openInGX opens a context with the real package, saves a suite, validates a table with it and builds the documents.
const openInGX = `
import sys, pandas
import great_expectations as gx
context = gx.get_context(context_root_dir=sys.argv[1])
assert type(context).__name__ == "FileDataContext", context
assert context.root_directory == sys.argv[1], context.root_directory
if sys.argv[2] == "use":
    frame = pandas.DataFrame({"a": [1, 2, 3]})
    asset = context.sources.add_pandas("memory").add_dataframe_asset("table")
    request = asset.build_batch_request(dataframe=frame)
    context.add_or_update_expectation_suite("suite")
    validator = context.get_validator(batch_request=request, expectation_suite_name="suite")
    validator.expect_column_values_to_not_be_null("a")
    validator.save_expectation_suite(discard_failed_expectations=False)
    checkpoint = context.add_or_update_checkpoint(name="check", validator=validator)
    assert checkpoint.run().success
    context.build_data_docs()
print("OPENED", context.list_expectation_suite_names())
`

func TestGreatExpectations_OpensInTheRealPackage(t *testing.T) {
	t.Parallel()

	python := os.Getenv("MLSTACKS_TEST_GX_PYTHON")
	if python == "" {
		t.Skip("SKIPPED: the run of the real Great Expectations needs MLSTACKS_TEST_GX_PYTHON, a python with great-expectations<1.0")
	}

	root, config := context(t)
	open := func(how string) {
		t.Helper()

		command := exec.CommandContext(t.Context(), python, "-c", openInGX, root, how)
		command.Dir = t.TempDir()
		command.Env = append(os.Environ(), "HOME="+command.Dir)

		output, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "OPENED") {
			t.Fatalf("%v\n%s", err, output)
		}
	}

	open("look")

	// Opening alone leaves nothing that anybody would miss.
	if err := GreatExpectations.Delete(t.Context(), input, root, config); err != nil {
		t.Fatal(err)
	}

	if _, err := GreatExpectations.Create(t.Context(), input, config); err != nil {
		t.Fatal(err)
	}

	open("use")

	if err := GreatExpectations.Delete(t.Context(), input, root, config); !errors.Is(err, flavor.ErrHoldsData) {
		t.Errorf("deleted a suite: %v", err)
	}
}
