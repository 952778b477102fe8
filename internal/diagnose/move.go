package diagnose

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// MoveSource reports a `moved` block from a resource that mlstacks_<target> takes nothing from.
func MoveSource(target, resource, provider string, moves []flavor.Move) diag.Diagnostic {
	known := make([]string, 0, len(moves))
	for _, move := range moves {
		known = append(known, fmt.Sprintf("%s of %s", move.Type, move.Provider))
	}

	slices.Sort(known)

	takes := "It takes over no resource of another provider."
	if len(known) > 0 {
		takes = "It takes over " + strings.Join(slices.Compact(known), ", ") + "."
	}

	return diag.NewErrorDiagnostic("Cannot move to "+spaced(target),
		fmt.Sprintf("mlstacks_%s cannot be moved from %s of %s. %s\n\nNothing was changed. To hand an object over in another way, write "+
			"removed { from = <the resource>, lifecycle { destroy = false } } for it, and an import block for mlstacks_%s.",
			target, resource, provider, takes, target))
}

// Move reports a state of another provider's resource that cannot be taken over, with every reason.
func Move(target, resource string, reasons ...error) diag.Diagnostic {
	parts := make([]string, 0, len(reasons))

	for _, reason := range reasons {
		text := sentence(reason.Error())

		if fault := (*flavor.AttributeError)(nil); errors.As(reason, &fault) && fault.Fix != "" {
			text += "\n\n" + fault.Fix
		}

		parts = append(parts, text)
	}

	return diag.NewErrorDiagnostic(fmt.Sprintf("Cannot move %s to %s", resource, spaced(target)), strings.Join(parts, "\n\n"))
}

// MoveWarning tells what the user should know of something that is taken over.
func MoveWarning(kind flavor.Kind, f flavor.Flavor, id, warning string) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(f.Name), fmt.Sprintf("About %s %q", words(kind), id), warning)
}

// MoveFlavor reports a component whose flavor is another one than what was moved to it.
func MoveFlavor(kind flavor.Kind, was, wanted flavor.Flavor) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(wanted.Name), "Moved to another flavor",
		fmt.Sprintf("What was moved to this %s can only be of the flavor %s, and the flavor %s is set.\n\nSet %s, or make a component of its own for %s. "+
			"Nothing was changed.", words(kind), was.Name, wanted.Name, was.Name, wanted.Name))
}

// Unplaced reports something moved that is to be deleted before it was ever found.
func Unplaced(kind flavor.Kind, id string) diag.Diagnostic {
	return diag.NewErrorDiagnostic(fmt.Sprintf("Cannot delete %s %q", words(kind), id),
		"It was moved here from another provider, whose state does not tell which cluster it lives in, and nothing has been applied since.\n\n"+
			"Apply the component with its cluster first, then destroy it.")
}

func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
