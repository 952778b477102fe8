resource "mlstacks_orchestrator" "main" {
  name  = "pipelines"
  local = {}
}

resource "mlstacks_flavor" "lakefs" {
  component_type = "artifact_store"
  name           = "lakefs"
  schemes        = ["s3://"]
  provides       = ["s3"]
}

resource "mlstacks_artifact_store" "main" {
  name   = "artifacts"
  custom = { flavor = mlstacks_flavor.lakefs, config = { path = "s3://acme-ml/main/artifacts" } }
}

resource "mlstacks_experiment_tracker" "main" {
  name = "tracker"
  mlflow_server = {
    tracking_uri          = "https://mlflow.example.com"
    tracking_token_secret = "mlflow.token"
    experiment_name       = "churn"
  }
}

resource "mlstacks_stack" "main" {
  name               = "laptop"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  experiment_tracker = mlstacks_experiment_tracker.main
}
