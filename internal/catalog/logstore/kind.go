// Package logstore has the flavors of log stores.
package logstore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type log_store.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:  "log_store",
		ZenML: true,
		Purpose: "A log store collects what the steps of a pipeline print, wherever they ran, and lets you search it after their pods and virtual machines " +
			"are gone.",
		Flavors: []flavor.Flavor{Datadog, OTel},
	}
}
