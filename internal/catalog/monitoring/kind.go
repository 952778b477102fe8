// Package monitoring has the flavors of monitoring.
package monitoring

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type monitoring.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "monitoring",
		Clustered: true,
		Purpose: "Monitoring watches models while they serve: latency, errors, the drift of inputs and predictions. It tells you before your users do. " +
			"Describe another system than those here with an `mlstacks_flavor` and use it through `custom`.",
		Flavors: []flavor.Flavor{Prometheus, CloudWatch},
	}
}
