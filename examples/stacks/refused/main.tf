# A stack that cannot work: the orchestrator runs on rented machines, and the artifacts are on this one. The plan refuses
# it, before anything is made.

terraform {
  required_version = ">= 1.11"

  required_providers {
    mlstacks = {
      source = "mlstacks/mlstacks"
    }
  }
}

resource "mlstacks_orchestrator" "main" {
  name           = "rented"
  skypilot_azure = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./mlstacks/artifacts" }
}

resource "mlstacks_container_registry" "main" {
  name = "images"
  ghcr = { uri = "ghcr.io/acme" }
}

resource "mlstacks_stack" "main" {
  name               = "refused"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  container_registry = mlstacks_container_registry.main
}
