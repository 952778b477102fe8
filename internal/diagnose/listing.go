package diagnose

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// ListFailure reports components of a flavor that could not be listed, or not all of them.
func ListFailure(kind flavor.Kind, f flavor.Flavor, err error) diag.Diagnostic {
	var fault *flavor.AttributeError

	fix := "Mend the cause, or leave the flavor out of flavors; then query again."
	if errors.As(err, &fault) && fault.Fix != "" {
		fix = fault.Fix
	}

	return diag.NewErrorDiagnostic(fmt.Sprintf("Cannot list %s of flavor %s", words(kind), f.Name), sentence(err.Error())+"\n\n"+fix)
}

// ListUnknown reports a list whose place is not known.
func ListUnknown(kind flavor.Kind) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Cannot list "+words(kind), "Where to look is not known yet.\n\nWrite it as a value that is known without an apply.")
}

// ListCluster reports a cluster to look in that does not parse.
func ListCluster(at path.Path, written string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Invalid cluster",
		fmt.Sprintf("%q is not of the form <flavor of the cluster>/<its name>.\n\nFor example: cluster = \"k3d/dev\".", written))
}

// ListNowhere reports a list that names no place to look in, of a kind that needs one.
func ListNowhere(kind flavor.Kind, place string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Nowhere to look", fmt.Sprintf("The list of %s names no place where one of its flavors would be found.\n\nSet %s.", words(kind), place))
}

// ListWithoutPlace reports a flavor that is asked for without saying where.
func ListWithoutPlace(at path.Path, kind flavor.Kind, f flavor.Flavor, place string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Nowhere to look", fmt.Sprintf("The flavor %s of %s is looked for in a %s, and none is named.\n\nSet %s.",
		f.Name, words(kind), place, place))
}

// ListNoSuchFlavor reports a flavor that cannot be listed, or that does not exist.
func ListNoSuchFlavor(at path.Path, kind flavor.Kind, name string, listable []flavor.Flavor) diag.Diagnostic {
	if _, known := kind.Flavor(name); !known {
		return NoSuchFlavor(at, flavor.Kind{Name: kind.Name, Flavors: listable}, name)
	}

	return diag.NewAttributeErrorDiagnostic(at, "Flavor that cannot be listed", fmt.Sprintf("%s makes nothing that could be found again.\n\nUse one of: %s.", name,
		names(flavor.Kind{Flavors: listable})))
}
