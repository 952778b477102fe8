package diagnose

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
)

// SpecProblem is what is wrong with a spec of the mlstacks tool, or to be known of it.
type SpecProblem struct {
	// Where is the place in the files: "stack.yaml:3:7".
	Where string
	// Rule is the id of the rule.
	Rule     string
	Severity compose.Severity
	// Summary, Message, Because and Fix are as in compose.Problem.
	Summary, Message, Because, Fix string
}

// Spec reports a problem of a spec on the attribute that named its file.
func Spec(at path.Path, p SpecProblem) diag.Diagnostic {
	if p.Severity == compose.Warning {
		return diag.NewAttributeWarningDiagnostic(at, p.Summary, specDetail(p))
	}

	return diag.NewAttributeErrorDiagnostic(at, p.Summary, specDetail(p))
}

func specDetail(p SpecProblem) string {
	detail := []string{p.Where + ": " + closed(p.Message)}

	if p.Because != "" {
		detail = append(detail, "Because: "+closed(p.Because))
	}

	if p.Fix != "" {
		detail = append(detail, closed(p.Fix))
	}

	return strings.Join(append(detail, "Rule: "+p.Rule), "\n\n")
}

// SpecError words the errors of a spec for a function, which has one error for all of them.
func SpecError(problems []SpecProblem) string {
	lines := make([]string, 0, len(problems))
	for _, p := range problems {
		lines = append(lines, SpecLine(p))
	}

	return strings.Join(lines, "\n")
}

// SpecLine words a problem in one line.
func SpecLine(p SpecProblem) string {
	line := p.Where + ": " + closed(p.Message)

	if p.Because != "" {
		line += " Because: " + closed(p.Because)
	}

	if p.Fix != "" {
		line += " " + closed(p.Fix)
	}

	return line + " (" + p.Rule + ")"
}
