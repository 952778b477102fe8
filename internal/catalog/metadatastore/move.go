package metadatastore

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// keptDatabase says what becomes of a release of another chart of a database.
func keptDatabase(engine string) flavor.Move {
	return clustered.KeepRelease(engine, "hand its address to what uses it; or make a database of this flavor beside it, and move the data with the "+
		"database's own tools.")
}
