variable "wandb_api_key" {
  type      = string
  ephemeral = true
  default   = "not-a-real-key"
}

resource "mlstacks_orchestrator" "main" {
  name  = "local"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "store"
  local = { path = "${path.module}/artifacts" }
}

resource "mlstacks_experiment_tracker" "main" {
  name  = "wandb"
  wandb = { project_name = "churn", api_key_wo = var.wandb_api_key, api_key_wo_version = 1 }
}

resource "mlstacks_stack" "main" {
  name               = "churn"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  experiment_tracker = mlstacks_experiment_tracker.main
}

resource "mlstacks_mlops_platform" "team" {
  name         = "team"
  zenml_server = { url = "https://zenml.example.com" }
}

# The key is zenml.api_key of the provider block, or ZENML_STORE_API_KEY.
resource "mlstacks_stack_registration" "main" {
  stack              = mlstacks_stack.main
  platform           = mlstacks_mlops_platform.team
  secrets_wo         = { wandb = { api_key = var.wandb_api_key } }
  secrets_wo_version = 1
}
