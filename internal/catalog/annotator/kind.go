// Package annotator has the flavors of annotators.
package annotator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type annotator.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:  "annotator",
		ZenML: true,
		Purpose: "An annotator is where people label data. Pipelines hand samples to it and fetch the labels back, so that labeling is a step of training " +
			"and not a detour over spreadsheets.",
		Flavors: []flavor.Flavor{LabelStudio, Argilla, Prodigy, Pigeon},
	}
}
