resource "mlstacks_orchestrator" "main" {
  name  = "pipelines"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./artifacts" }
}

resource "mlstacks_experiment_tracker" "main" {
  name         = "tracker"
  mlflow_local = { path = "./mlflow", experiment_name = "churn" }
}

resource "mlstacks_stack" "main" {
  name               = "laptop"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  experiment_tracker = mlstacks_experiment_tracker.main
}
