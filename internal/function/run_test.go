package function

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var whole = Catalog{Kinds: catalog.Kinds(), Candidates: candidatesOf(catalog.Kinds())}

// component is a component as a resource shows it, in plain values.
func component(kind, flavor, of string, more map[string]any) map[string]any {
	c := map[string]any{
		"name": "the-" + strings.ReplaceAll(kind, "_", "-"), "type": kind, "flavor": flavor, "uri": nil, "provides": nil, "connector": nil, "cluster": nil,
		"zenml": map[string]any{"flavor": of, "configuration": map[string]any{}}, "id": "of no interest", "outputs": zenml.Unknown{},
	}

	maps.Copy(c, more)

	return c
}

// value is a plain value as Terraform hands it over.
func value(t *testing.T, plain any) attr.Value {
	t.Helper()

	switch plain := plain.(type) {
	case nil:
		return types.DynamicNull()
	case zenml.Unknown:
		return types.DynamicUnknown()
	case string:
		return types.StringValue(plain)
	case bool:
		return types.BoolValue(plain)
	case int:
		return types.Int64Value(int64(plain))
	case []any:
		elements, kinds := make([]attr.Value, len(plain)), make([]attr.Type, len(plain))
		for i, one := range plain {
			elements[i] = value(t, one)
			kinds[i] = elements[i].Type(t.Context())
		}

		return types.TupleValueMust(kinds, elements)
	case map[string]any:
		members, kinds := map[string]attr.Value{}, map[string]attr.Type{}
		for name, one := range plain {
			members[name] = value(t, one)
			kinds[name] = members[name].Type(t.Context())
		}

		return types.ObjectValueMust(kinds, members)
	default:
		t.Fatalf("no value of %T", plain)

		return nil
	}
}

// run calls a function the way the server does; components are given as plain values.
func run(t *testing.T, f function.Function, arguments ...attr.Value) (attr.Value, error) {
	t.Helper()

	var described function.DefinitionResponse

	f.Definition(t.Context(), function.DefinitionRequest{}, &described)

	result, problem := described.Definition.Return.NewResultData(t.Context())
	if problem != nil {
		t.Fatal(problem)
	}

	resp := function.RunResponse{Result: result}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(arguments)}, &resp)

	if resp.Error != nil {
		return nil, resp.Error
	}

	return resp.Result.Value(), nil
}

func dynamic(t *testing.T, plain any) types.Dynamic {
	t.Helper()

	switch v := value(t, plain).(type) {
	case basetypes.DynamicValue:
		return v
	default:
		return types.DynamicValue(v)
	}
}

func noNames() attr.Value { return types.TupleValueMust([]attr.Type{}, []attr.Value{}) }

func named(name attr.Value) attr.Value {
	return types.TupleValueMust([]attr.Type{types.StringType}, []attr.Value{name})
}
