package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"

// keptServer says what becomes of a release of another chart of MLflow.
var keptServer = clustered.KeepRelease("mlflow", "record the server: mlflow_server = { tracking_uri = <its address> }.")
