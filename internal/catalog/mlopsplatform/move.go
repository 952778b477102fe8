package mlopsplatform

import "github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"

// keptServer says what becomes of a release of another chart of ZenML.
var keptServer = clustered.KeepRelease("zenml", "record the server: zenml_server = { url = <its address> }.")
