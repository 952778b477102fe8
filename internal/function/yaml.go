package function

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// ZenMLYAML is zenml_yaml: mlstacks_stack.zenml_yaml without the resource.
type ZenMLYAML struct{ catalog Catalog }

// Metadata names the function zenml_yaml.
func (ZenMLYAML) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "zenml_yaml"
}

// Definition describes the function.
func (ZenMLYAML) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A stack of these components as ZenML exports it",
		MarkdownDescription: "Writes components as `zenml stack export` of ZenML " + zenml.Version + " would, byte for byte as `mlstacks_stack.zenml_yaml`, " +
			"without a stack as a resource; `zenml stack import` takes it. A stack that cannot work is an error, as it is for `mlstacks_stack`. The " +
			"result is unknown while something that it depends on is.",
		Parameters: []function.Parameter{components("components", "What to write")},
		VariadicParameter: function.StringParameter{
			Name: "name", AllowUnknownValues: true,
			MarkdownDescription: "Name of the stack: one at most. It may be left out where the components come in an object that has a `name`, and takes its " +
				"place otherwise.",
		},
		Return: function.StringReturn{},
	}
}

// Run writes the stack.
func (f ZenMLYAML) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		given types.Dynamic
		names []types.String
	)

	if resp.Error = req.Arguments.Get(ctx, &given, &names); resp.Error != nil {
		return
	}

	loose, problem := f.catalog.read(ctx, given, 0)
	if problem != nil {
		resp.Error = problem

		return
	}

	if resp.Error = name(&loose, names); resp.Error != nil {
		return
	}

	if !loose.Known() {
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())

		return
	}

	text, err := write(loose)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())

		return
	}

	resp.Error = resp.Result.Set(ctx, text)
}

// name gives the stack the name behind the components, if there is one.
func name(loose *stack.Loose, names []types.String) *function.FuncError {
	switch {
	case len(names) > 1:
		return function.NewArgumentFuncError(2, diagnose.OneName(fmt.Sprintf("there are %d names", len(names))).Error())
	case len(names) == 1 && names[0].IsUnknown():
		loose.Rename(zenml.Unknown{})
	case len(names) == 1 && !slot.ValidName(names[0].ValueString()):
		return function.NewArgumentFuncError(1, diagnose.OneName(fmt.Sprintf("%q is no name of a stack", names[0].ValueString())).Error())
	case len(names) == 1:
		loose.Rename(names[0].ValueString())
	}

	return nil
}

func write(loose stack.Loose) (string, error) {
	switch name := loose.Name(); {
	case name == "":
		return "", diagnose.NoName()
	case !slot.ValidName(name):
		return "", diagnose.OneName(fmt.Sprintf("%q is no name of a stack", name))
	}

	problems := loose.Findings()
	if slices.ContainsFunc(problems, func(p compose.Problem) bool { return p.Severity == compose.Error }) {
		return "", diagnose.CannotWork(problems)
	}

	return loose.YAML()
}
