package action

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
)

// Check is mlstacks_check_stack.
type Check struct {
	kinds []flavor.Kind
	// candidates are what suggestions are computed from.
	candidates func() []compose.Candidate
}

var _ action.Action = (*Check)(nil)

// NewCheck returns mlstacks_check_stack for a catalog and the candidates it offers.
func NewCheck(kinds []flavor.Kind, candidates func() []compose.Candidate) *Check {
	return &Check{kinds: kinds, candidates: candidates}
}

// Metadata names the action mlstacks_check_stack.
func (a *Check) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_check_stack"
}

// Schema takes a stack whole.
func (a *Check) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Judges a stack by the rules of composition of this version of the provider, says what it finds, and fails where the stack cannot " +
			"work. Nothing is contacted or changed. Rules that the stack waives are said and do not fail it.",
		Attributes: map[string]schema.Attribute{
			"stack": schema.ObjectAttribute{
				Required: true, AttributeTypes: stack.Type(a.kinds).AttrTypes, MarkdownDescription: "The stack, whole: `stack = mlstacks_stack.main`.",
			},
		},
	}
}

// Invoke judges the stack.
func (a *Check) Invoke(_ context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	at := path.Root("stack")

	whole, err := a.read(req.Config)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	if !whole.Known() {
		resp.Diagnostics.Append(diagnose.CheckUnknown(at))

		return
	}

	say := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}

	findings := whole.Findings()
	say("Stack %q: %d components, %d findings", whole.Name(), len(whole.Parts()), len(findings))

	// What refuses the stack comes last, where it is seen.
	slices.SortStableFunc(findings, func(a, b compose.Problem) int { return rank(a) - rank(b) })

	for _, finding := range findings {
		say("%s: %s (%s): %s", finding.Severity, finding.Subject.Slot, finding.ID, finding.Message)

		if finding.Severity == compose.Error {
			resp.Diagnostics.Append(diagnose.Composition(at, finding))
		}
	}

	if !resp.Diagnostics.HasError() {
		say("Stack %q can work", whole.Name())
	}
}

func rank(p compose.Problem) int {
	if p.Severity == compose.Error {
		return 1
	}

	return 0
}

func (a *Check) read(config tfsdk.Config) (stack.Whole, error) {
	attributes := map[string]tftypes.Value{}
	if err := config.Raw.As(&attributes); err != nil {
		return stack.Whole{}, fmt.Errorf("read configuration: %w", err)
	}

	return stack.Read(a.kinds, a.candidates, attributes["stack"])
}
