package diagnose

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// NoPage reports a page that cannot be drawn of what was given as a stack.
func NoPage(at path.Path, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Cannot draw the page of a stack",
		sentence(err.Error())+"\n\nGive the whole stack: stack = mlstacks_stack.<name>.")
}
