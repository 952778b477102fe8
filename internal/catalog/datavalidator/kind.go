// Package datavalidator has the flavors of data validators.
package datavalidator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type data_validator.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:  "data_validator",
		ZenML: true,
		Purpose: "A data validator checks the data that goes into a model and the predictions that come out: schema, missing values, drift against what " +
			"the model was trained on. A pipeline can stop on its verdict before a bad batch becomes a bad model.",
		Flavors: []flavor.Flavor{GreatExpectations, Deepchecks, Evidently, Whylogs},
	}
}
