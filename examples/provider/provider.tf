terraform {
  required_providers {
    mlstacks = {
      source = "mlstacks/mlstacks"
    }
  }
}

provider "mlstacks" {
  default_labels = { team = "ml" }
}

resource "mlstacks_orchestrator" "main" {
  name  = "pipelines"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./artifacts" }
}

resource "mlstacks_stack" "main" {
  name           = "laptop"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main # the whole component
}
