package stack

import (
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const customPrefix = "custom/"

// findFault looks for the first fault of what a slot holds. Resources never make such an object, but a slot also takes
// one that is written in place. What is unknown is no fault; what is of another type is refused for that.
func findFault(kind flavor.Kind, plain map[string]any) *compose.Fault {
	whole := "Give the whole component: mlstacks_" + kind.Name + ".x, where x is what you call the resource."

	declared, flavored := plain["type"], plain["flavor"]
	if full, ok := declared.(string); (ok && full != kind.Name && full != "") || zenml.IsUnknown(declared) {
		return nil
	}

	name, named := plain["name"].(string)

	switch {
	case declared == nil || declared == "":
		return &compose.Fault{Message: "a component has a type, and this has none.", Fix: whole}
	case !zenml.IsUnknown(plain["name"]) && name == "":
		return &compose.Fault{Message: "a component has a name, and this has none.", Fix: whole}
	case named && !slot.ValidName(name):
		return &compose.Fault{
			Message: fmt.Sprintf("%q is no name of a component.", name),
			Fix:     "A name begins with a letter or a digit and has only letters, digits, underscores and hyphens.",
		}
	case flavored == nil || flavored == "":
		return &compose.Fault{Message: "a component has a flavor, and this has none.", Fix: whole}
	}

	if message := faultOfFlavor(kind, plain); message != "" {
		return &compose.Fault{Message: message, Fix: whole}
	}

	if connector, ok := plain["connector"].(map[string]any); ok && !zenml.HoldsUnknown(connector) {
		if _, known := slot.Connector(connector); !known {
			return &compose.Fault{Message: "the connector has no type, or nothing where a resource type should stand.", Fix: whole}
		}
	}

	return nil
}

// faultOfFlavor compares a flavor and what is said of it in ZenML's names with what there is.
func faultOfFlavor(kind flavor.Kind, plain map[string]any) string {
	full, known := plain["flavor"].(string)
	if !known || zenml.IsUnknown(plain["zenml"]) {
		return ""
	}

	view, viewed := plain["zenml"].(map[string]any)
	if viewed && zenml.IsUnknown(view["flavor"]) {
		return ""
	}

	of, _ := view["flavor"].(string)
	custom, isCustom := strings.CutPrefix(full, customPrefix)
	builtin, exists := kind.Flavor(full)

	switch {
	case isCustom && !slot.ValidName(custom):
		return fmt.Sprintf("%q names no flavor; custom/ stands before the name of one.", full)
	case !isCustom && !exists:
		return fmt.Sprintf("there is no flavor %q of %s.", full, kind.Name)
	case viewed && of == "":
		return "zenml has no flavor."
	case viewed && view["configuration"] == nil:
		return "zenml has no configuration."
	case isCustom:
		return ""
	}

	want := builtin.ZenML
	if !kind.ZenML {
		want = ""
	}

	switch {
	case of == want:
		return ""
	case !viewed:
		return fmt.Sprintf("ZenML calls the flavor %s %q, and zenml is null.", full, want)
	case want == "":
		return fmt.Sprintf("ZenML has no flavor %s, and zenml.flavor is %q.", full, of)
	default:
		return fmt.Sprintf("ZenML calls the flavor %s %q, and zenml.flavor is %q.", full, want, of)
	}
}
