package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"

// keptRegistry says what becomes of a release of another chart of a registry.
var keptRegistry = clustered.KeepRelease("distribution", "record the registry: generic = { uri = <its address> }.")
