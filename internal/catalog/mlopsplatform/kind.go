// Package mlopsplatform has the flavors of MLOps platforms.
package mlopsplatform

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type mlops_platform.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "mlops_platform",
		Clustered: true,
		Viewless:  true,
		Purpose: "An MLOps platform is the place where a team sees its pipelines, runs, models and people together: a server with a user interface, a " +
			"database and access control, which the other components report to.",
		Flavors: []flavor.Flavor{ZenMLServer, ZenML, AzureML, MLflow},
	}
}
