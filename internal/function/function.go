// Package function has the provider's functions. They compute from their arguments alone and ask nobody; what only apply
// can tell makes a result unknown, and never an error.
package function

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Catalog is what exists, and what suggestions are computed from.
type Catalog struct {
	Kinds      []flavor.Kind
	Candidates func() []compose.Candidate
}

// All returns a constructor for each function.
func All(c Catalog) []func() function.Function {
	return []func() function.Function{
		func() function.Function { return ParseArtifactURI{} },
		func() function.Function { return NormalizeName{} },
		func() function.Function { return CheckStack{c} },
		func() function.Function { return CompatibleFlavors{c} },
		func() function.Function { return ZenMLYAML{c} },
	}
}

// shapes says what may be given as components.
const shapes = "whole components: a list of them (`[mlstacks_orchestrator.main, mlstacks_artifact_store.main]`), an object with the attributes of " +
	"`mlstacks_stack` (`{ orchestrator = …, waive = […] }`), a whole `mlstacks_stack`, or an object under keys of your own, such as a resource with " +
	"`for_each`. In a list the type of a component says which slot it takes, and the first of a type is its default. Nulls are left out."

// components is the parameter for components. Unknown parts are let in: a component that is yet to be made is known as far
// as a stack looks at it.
func components(name, purpose string) function.DynamicParameter {
	return function.DynamicParameter{Name: name, AllowUnknownValues: true, MarkdownDescription: purpose + ", as " + shapes}
}

// read reads the components at a position of the arguments.
func (c Catalog) read(ctx context.Context, given types.Dynamic, position int64) (stack.Loose, *function.FuncError) {
	var value any = zenml.Unknown{}

	if !given.IsUnknown() && !given.IsUnderlyingValueUnknown() {
		raw, err := given.ToTerraformValue(ctx)
		if err != nil {
			return stack.Loose{}, function.NewArgumentFuncError(position, err.Error())
		}

		if value, err = flavor.Plain(raw); err != nil {
			return stack.Loose{}, function.NewArgumentFuncError(position, err.Error())
		}
	}

	loose, err := stack.ReadLoose(c.Kinds, c.Candidates, value)
	if err != nil {
		return loose, function.NewArgumentFuncError(position, err.Error())
	}

	return loose, nil
}
