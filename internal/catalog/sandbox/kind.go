// Package sandbox has the flavors of sandboxes.
package sandbox

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type sandbox.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "sandbox",
		Many:      true,
		ZenML:     true,
		Clustered: true,
		Purpose: "A sandbox runs code that nobody has reviewed, such as what a language model has just written, away from the pipeline that asked for it " +
			"and with no more rights than it needs.",
		Flavors: []flavor.Flavor{Local, Docker, Kubernetes, Modal},
	}
}
