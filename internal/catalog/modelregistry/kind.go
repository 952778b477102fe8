// Package modelregistry has the flavors of model registries.
package modelregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type model_registry.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "model_registry",
		Clustered: true,
		ZenML:     true,
		Purpose: "A model registry numbers the versions of a model and says which one is a candidate, which one serves and which one is retired. " +
			"Whoever deploys asks it for a model by name instead of passing files around.",
		Flavors: []flavor.Flavor{MLflow, SageMaker, DVC},
	}
}
