package function

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// CompatibleFlavors is compatible_flavors: what could still be put into a slot.
type CompatibleFlavors struct{ catalog Catalog }

// Metadata names the function compatible_flavors.
func (CompatibleFlavors) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "compatible_flavors"
}

// Definition describes the function.
func (CompatibleFlavors) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The flavors of a kind that would still compose with a part of a stack",
		MarkdownDescription: "Tries each built-in flavor of a kind in its slot beside the components that are given, and returns those that no rule " +
			"objects to, in the order of the documentation. Components that are still missing count against no flavor, nor do warnings or what is " +
			"wrong with the given components anyway. What the part of the stack has in that slot is left out of the question, so that the answer " +
			"tells what could take its place. The result is unknown while something that a rule may look at is.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "kind", MarkdownDescription: "Kind of component, such as `artifact_store`."},
			components("partial_stack", "What the stack has already"),
		},
		Return: function.ListReturn{ElementType: types.StringType},
	}
}

// Run tries the flavors.
func (f CompatibleFlavors) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		kind  string
		given types.Dynamic
	)

	if resp.Error = req.Arguments.Get(ctx, &kind, &given); resp.Error != nil {
		return
	}

	if !slices.ContainsFunc(f.catalog.Kinds, func(k flavor.Kind) bool { return k.Name == kind }) {
		names := make([]string, 0, len(f.catalog.Kinds))
		for _, k := range f.catalog.Kinds {
			names = append(names, k.Name)
		}

		resp.Error = function.NewArgumentFuncError(0, diagnose.NotListed("kind of component", kind, names).Error())

		return
	}

	loose, problem := f.catalog.read(ctx, given, 1)
	if problem != nil {
		resp.Error = problem

		return
	}

	if !loose.Known() {
		resp.Error = resp.Result.Set(ctx, types.ListUnknown(types.StringType))

		return
	}

	resp.Error = resp.Result.Set(ctx, loose.Compatible(kind))
}
