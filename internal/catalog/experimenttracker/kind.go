// Package experimenttracker has the flavors of experiment trackers.
package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type experiment_tracker.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "experiment_tracker",
		Clustered: true,
		Many:      true,
		ZenML:     true,
		Beside:    flavor.WithTracker,
		Purpose: "An experiment tracker keeps parameters, metrics and charts of every training run side by side, so that a team can tell which change " +
			"made a model better and train that model again.",
		Flavors: []flavor.Flavor{MLflowLocal, MLflowServer, MLflow, Wandb, Comet, Neptune, Trackio, Sacred},
	}
}
