package function

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// CheckStack is check_stack: the findings of mlstacks_stack without the resource.
type CheckStack struct{ catalog Catalog }

// findingType is an element of mlstacks_stack.findings.
var findingType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"rule": types.StringType, "severity": types.StringType, "slot": types.StringType, "message": types.StringType,
	"because": types.StringType, "fix": types.StringType, "waived": types.BoolType,
}}

// Metadata names the function check_stack.
func (CheckStack) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "check_stack"
}

// Definition describes the function.
func (CheckStack) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What would not work in a stack of these components",
		MarkdownDescription: "Judges components as `mlstacks_stack` would and returns what it finds, errors first: for `check` blocks, preconditions, " +
			"`terraform test` and policy tools, without a stack as a resource. A stack that cannot work gives findings and no error; one without " +
			"fault gives an empty list. The result is unknown while something that a rule may look at is.\n\n" +
			"Each finding has `rule` (its id), `severity` (`error` or `warning`), `slot`, `message` (what was found), `because` (why the rule holds), " +
			"`fix` (what would answer it) and `waived` (whether `waive` names the rule). The guide on composition lists the rules.",
		Parameters: []function.Parameter{components("components", "What to judge")},
		Return:     function.ListReturn{ElementType: findingType},
	}
}

// Run judges the components.
func (f CheckStack) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given types.Dynamic

	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}

	loose, problem := f.catalog.read(ctx, given, 0)
	if problem != nil {
		resp.Error = problem

		return
	}

	if !loose.Known() {
		resp.Error = resp.Result.Set(ctx, types.ListUnknown(findingType))

		return
	}

	findings := []attr.Value{}

	for _, p := range loose.Findings() {
		findings = append(findings, types.ObjectValueMust(findingType.AttrTypes, map[string]attr.Value{
			"rule": types.StringValue(p.ID), "severity": types.StringValue(p.Severity.String()), "slot": types.StringValue(p.Subject.Slot),
			"message": types.StringValue(p.Message), "because": types.StringValue(p.Because), "fix": types.StringValue(p.Fix),
			"waived": types.BoolValue(p.Waived),
		}))
	}

	resp.Error = resp.Result.Set(ctx, types.ListValueMust(findingType, findings))
}
