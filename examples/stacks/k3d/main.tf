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

variable "name" {
  description = "Name of the cluster."
  type        = string
  default     = "mlstacks"
}

variable "registry_port" {
  description = "Port of the image registry on this machine; 0 picks a free one."
  type        = number
  default     = 0
}

variable "force_destroy" {
  description = "Whether destroying may delete artifacts and runs."
  type        = bool
  default     = false
}

variable "node_image" {
  description = "Image of the cluster's nodes; null is the provider's choice."
  type        = string
  default     = null
}

variable "image_registry" {
  description = "Mirror that images are pulled from, in a network without a way out."
  type        = string
  default     = null
}

variable "registries" {
  description = "Mirrors of image registries that the nodes ask instead."
  type        = map(list(string))
  default     = {}
}

output "artifact_store" {
  description = "Where this machine and the pods find S3-compatible storage."
  value       = mlstacks_artifact_store.main.uri
}

output "tracker" {
  description = "Where this machine and the pods find MLflow."
  value       = mlstacks_experiment_tracker.main.uri
}

output "registry" {
  description = "Where images are pushed to and pulled from."
  value       = mlstacks_container_registry.main.uri
}

output "diagram" {
  description = "The stack as a Mermaid flowchart."
  value       = mlstacks_stack.main.diagram
}

output "zenml_yaml" {
  description = "The stack for `zenml stack import`."
  value       = mlstacks_stack.main.zenml_yaml
}

output "environment" {
  description = "Variables that a client of the stack needs."
  value       = mlstacks_stack.main.environment
}

output "required_secrets" {
  description = "Secrets that ZenML has to hold."
  value       = mlstacks_stack.main.required_secrets
}
