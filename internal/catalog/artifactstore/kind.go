// Package artifactstore has the flavors of artifact stores.
package artifactstore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type artifact_store.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "artifact_store",
		ZenML:     true,
		Required:  true,
		Clustered: true,
		Purpose: "An artifact store keeps what the steps of a pipeline hand to each other: data sets, features, models, reports. Every stack " +
			"needs one, and everything that runs a step must be able to reach it.",
		Flavors: []flavor.Flavor{Local, S3, Minio, AzureBlob, B2, DigitalOcean},
	}
}
