// Package featurestore has the flavors of feature stores.
package featurestore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type feature_store.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:  "feature_store",
		ZenML: true,
		Purpose: "A feature store gives training and serving the same features: their history to train on, and their latest values, fast, to predict " +
			"with. It keeps a model from meeting other data in production than it learned from.",
		Flavors: []flavor.Flavor{Feast, SageMaker},
	}
}
