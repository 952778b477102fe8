# A stack of local parts: everything it needs is made on this machine, under one directory.

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
}

variable "directory" {
  description = "Where the stack keeps what it makes."
  type        = string
  default     = "./mlstacks"
}

variable "force_destroy" {
  description = "Whether destroying may delete artifacts and runs."
  type        = bool
  default     = false
}

resource "mlstacks_orchestrator" "main" {
  name  = "laptop"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"

  local = {
    path          = "${var.directory}/artifacts"
    force_destroy = var.force_destroy
  }
}

resource "mlstacks_experiment_tracker" "main" {
  name = "tracker"

  mlflow_local = {
    path          = "${var.directory}/mlflow"
    force_destroy = var.force_destroy
  }
}

resource "mlstacks_model_registry" "main" {
  name   = "models"
  mlflow = {}
}

resource "mlstacks_image_builder" "main" {
  name  = "docker"
  local = {}
}

resource "mlstacks_metadata_store" "main" {
  name = "metadata"

  sqlite = {
    path          = "${var.directory}/metadata.db"
    force_destroy = var.force_destroy
  }
}

resource "mlstacks_stack" "main" {
  name               = "local-laptop"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  experiment_tracker = mlstacks_experiment_tracker.main
  model_registry     = mlstacks_model_registry.main
  image_builder      = mlstacks_image_builder.main
  metadata_store     = mlstacks_metadata_store.main
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
