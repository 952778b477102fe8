package experimenttracker

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// exported makes the variables that repeat fields of the configuration: variable to field. A field that refers to a
// secret is left out, because no client outside ZenML can resolve it.
func exported(fields map[string]string) func(flavor.Facts) map[string]any {
	return func(facts flavor.Facts) map[string]any {
		variables := map[string]any{}

		for variable, field := range fields {
			if value := facts.Configuration[field]; value != nil && !zenml.IsSecretReference(value) {
				variables[variable] = value
			}
		}

		return variables
	}
}
