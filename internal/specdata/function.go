package specdata

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/spec"
)

// Function is the function stack_spec.
type Function struct{ candidates func() []compose.Candidate }

var _ function.Function = (*Function)(nil)

// NewFunction returns the function stack_spec; candidates are what objections suggest.
func NewFunction(candidates func() []compose.Candidate) *Function {
	return &Function{candidates: candidates}
}

// Metadata names the function stack_spec.
func (f *Function) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "stack_spec"
}

// Definition describes the texts and the answer.
func (f *Function) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Translates a stack of the mlstacks tool",
		MarkdownDescription: "Does for texts what the data source [`mlstacks_stack_spec`](../data-sources/stack_spec) does for files: `name`, `provider_name`, `region`, `tags`, " +
			"`components`, `warnings` and `hcl` are as there. All mistakes are in one error, each with its argument, line and column. Where an argument is not known yet, " +
			"nor is the answer.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "stack_yaml", MarkdownDescription: "Text of the stack file."},
		},
		VariadicParameter: function.StringParameter{
			Name: "component_yaml", MarkdownDescription: "Texts of the component files, in the order in which `components` of the stack names them.",
		},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"name": types.StringType, "provider_name": types.StringType, "region": types.StringType, "tags": texts,
			"components": types.MapType{ElemType: types.ObjectType{AttrTypes: componentTypes()}},
			"warnings":   types.ListType{ElemType: types.StringType}, "hcl": types.StringType,
		}},
	}
}

// Run translates the texts. Terraform calls it with known values only.
func (f *Function) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		stack      string
		components []string
	)

	if resp.Error = req.Arguments.Get(ctx, &stack, &components); resp.Error != nil {
		return
	}

	parsed, problems := spec.Parse(stack, components, spec.Options{Candidates: f.candidates()})

	if resp.Error = refused(problems); resp.Error != nil {
		return
	}

	resp.Error = resp.Result.Set(ctx, resultOf(parsed, problems))
}

// refused puts all errors into one, on the first argument at fault.
func refused(problems []spec.Problem) *function.FuncError {
	var errors []diagnose.SpecProblem

	argument := -1

	for _, p := range problems {
		if p.Severity == compose.Warning {
			continue
		}

		if argument < 0 {
			argument = p.Argument
		}

		errors = append(errors, worded(p))
	}

	if len(errors) == 0 {
		return nil
	}

	return function.NewArgumentFuncError(int64(argument), diagnose.SpecError(errors))
}
