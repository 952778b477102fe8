package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/provider"
)

// The provider's own server hands functions through, and every one of them is described.
func TestFunctions_AreServedAndDescribed(t *testing.T) {
	t.Parallel()

	server := provider.NewServer("test")

	functions, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	must(t, err)

	metadata, err := server.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
	must(t, err)

	for _, name := range []string{"check_stack", "compatible_flavors", "normalize_name", "parse_artifact_uri", "zenml_yaml"} {
		if !slices.ContainsFunc(metadata.Functions, func(f tfprotov6.FunctionMetadata) bool { return f.Name == name }) {
			t.Errorf("%s is not in the metadata", name)
		}

		f, ok := functions.Functions[name]
		if !ok {
			t.Errorf("%s is not among %v", name, slices.Sorted(maps.Keys(functions.Functions)))

			continue
		}

		parameters := f.Parameters
		if f.VariadicParameter != nil {
			parameters = append(slices.Clone(parameters), f.VariadicParameter)
		}

		for _, p := range parameters {
			if p.Description == "" || f.Summary == "" || f.Description == "" {
				t.Errorf("%s, parameter %s: there is no description", name, p.Name)
			}
		}
	}
}

// OpenTofu sends an argument without content for a null.
func TestFunctions_TakeANullThatIsNotSent(t *testing.T) {
	t.Parallel()

	for name, argument := range map[string]*tfprotov6.DynamicValue{"nothing": nil, "empty": {}, "null": {MsgPack: []byte{0xc0}}} {
		resp, err := provider.NewServer("test").CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
			Name: "parse_artifact_uri", Arguments: []*tfprotov6.DynamicValue{argument},
		})
		must(t, err)

		if resp.Error != nil {
			t.Errorf("%s: %s", name, resp.Error.Text)

			continue
		}

		result, err := resp.Result.Unmarshal(tftypes.Object{AttributeTypes: map[string]tftypes.Type{
			"scheme": tftypes.String, "bucket": tftypes.String, "prefix": tftypes.String, "cloud": tftypes.String, "account": tftypes.String,
			"path": tftypes.String, "zenml_flavors": tftypes.List{ElementType: tftypes.String},
		}})
		must(t, err)

		if !result.IsNull() {
			t.Errorf("%s: got %s, want null", name, result)
		}
	}
}
