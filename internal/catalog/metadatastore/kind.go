// Package metadatastore has the flavors of metadata stores.
package metadatastore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type metadata_store.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "metadata_store",
		Clustered: true,
		Slow:      true,
		Purpose: "A metadata store is the database behind an MLOps server: it remembers which run made which artifact from which data and code. Lose it, " +
			"and the artifacts are files without a history; so back it up.",
		Flavors: []flavor.Flavor{SQLite, Postgres, MySQL, RDS, DVC},
	}
}
