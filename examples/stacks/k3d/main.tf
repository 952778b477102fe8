# A stack on a laptop: a cluster in containers, with everything in it that a small MLOps team needs. One apply makes it
# all; the only thing that has to be there is a Docker engine.

terraform {
  required_version = ">= 1.11"

  required_providers {
    mlstacks = {
      source = "mlstacks/mlstacks"
    }
  }
}

provider "mlstacks" {
  default_labels = { environment = "laptop" }
  image_registry = var.image_registry
}

resource "mlstacks_cluster" "dev" {
  name = var.name

  k3d = {
    image      = var.node_image
    registry   = { host_port = var.registry_port }
    registries = var.registries

    # Where containers have no addresses that this machine can reach, as with Docker Desktop, these lead to the services.
    ports = [{ node = 30900 }, { node = 30500 }]
  }
}

resource "mlstacks_container_registry" "main" {
  name    = "images"
  cluster = mlstacks_cluster.dev
  k3d     = {}
}

resource "mlstacks_artifact_store" "main" {
  name    = "artifacts"
  cluster = mlstacks_cluster.dev

  minio = {
    bucket        = "artifacts"
    storage       = "5Gi"
    expose        = { type = "node_port", port = 30900 }
    force_destroy = var.force_destroy
  }
}

resource "mlstacks_metadata_store" "main" {
  name    = "metadata"
  cluster = mlstacks_cluster.dev

  postgres = {
    storage       = "2Gi"
    force_destroy = var.force_destroy
  }
}

resource "mlstacks_experiment_tracker" "main" {
  name    = "tracker"
  cluster = mlstacks_cluster.dev

  mlflow = {
    artifact_store = mlstacks_artifact_store.main
    metadata_store = mlstacks_metadata_store.main
    expose         = { type = "node_port", port = 30500 }
    force_destroy  = var.force_destroy
  }
}

resource "mlstacks_model_registry" "main" {
  name   = "models"
  mlflow = { experiment_tracker = mlstacks_experiment_tracker.main }
}

resource "mlstacks_orchestrator" "main" {
  name    = "pipelines"
  cluster = mlstacks_cluster.dev

  # ZenML takes an address on localhost for one that pods cannot pull from; here they can.
  kubernetes = { skip_local_validations = true }
}

resource "mlstacks_image_builder" "main" {
  name  = "docker"
  local = {}
}

resource "mlstacks_stack" "main" {
  name               = "laptop"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  container_registry = mlstacks_container_registry.main
  experiment_tracker = mlstacks_experiment_tracker.main
  model_registry     = mlstacks_model_registry.main
  metadata_store     = mlstacks_metadata_store.main
  image_builder      = mlstacks_image_builder.main
}
