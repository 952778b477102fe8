package diagnose

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// NotRestartable reports a restart of a component that runs nothing in a cluster.
func NotRestartable(at path.Path, kind flavor.Kind, flavorName, name string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("Cannot restart %s %q", words(kind), name),
		fmt.Sprintf("Its flavor %s runs nothing in a Kubernetes cluster that could be started anew.\n\nRestart a component that does, such as an experiment "+
			"tracker of flavor mlflow.", flavorName))
}

// RestartUnknown reports a restart of a component that only a later apply will tell.
func RestartUnknown(at path.Path) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Cannot restart component", "What the component is and where it runs is not known yet.\n\nApply it first.")
}

// RestartTimeout reports a timeout that is no duration.
func RestartTimeout(at path.Path, text string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Not a duration", fmt.Sprintf("timeout: %q is no duration longer than nothing.\n\nWrite one such as 5m.", text))
}

// RestartFailure reports a restart that failed.
func RestartFailure(at path.Path, kind flavor.Kind, name string, err error) diag.Diagnostic {
	var (
		fault *flavor.AttributeError
		fix   = "Mend the cause, then run the action again."
	)

	switch {
	case errors.As(err, &fault) && fault.Fix != "":
		fix = fault.Fix
	case errors.Is(err, context.DeadlineExceeded):
		fix = "It did not become ready in time. Look at its pods, or raise timeout; then run the action again."
	case errors.Is(err, flavor.ErrUnreachable):
		fix = "Check that the cluster can be reached from here, then run the action again."
	case errors.Is(err, flavor.ErrNotFound):
		fix = "Apply the component first, or bring back what was deleted by applying it again."
	}

	return diag.NewAttributeErrorDiagnostic(at, fmt.Sprintf("Cannot restart %s %q", words(kind), name), sentence(err.Error())+"\n\n"+fix)
}

// CheckUnknown reports a check of a stack that only a later apply will tell.
func CheckUnknown(at path.Path) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Cannot check stack", "Parts of the stack are not known yet.\n\nApply it first.")
}
