# A stack on AWS in a Kubernetes cluster: EKS with a network of its own, nodes, a bucket, a repository, and MLflow. The cluster
# and its nodes cost money by the hour, also while nothing runs. Login and region are those of the AWS CLI.
terraform {
  required_version = ">= 1.11"
  required_providers {
    mlstacks = { source = "mlstacks/mlstacks" }
  }
}

provider "mlstacks" {
  default_labels = { team = "ml" } # tags of everything that is made
}

resource "mlstacks_cluster" "main" {
  name = "ml"
  eks  = { node_group = { instance_types = ["m6i.large"], min = 1, max = 4, desired = 2 } }
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" } # unique in all of AWS
}

resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}

resource "mlstacks_orchestrator" "main" {
  name       = "pipelines"
  cluster    = mlstacks_cluster.main
  kubernetes = { artifact_store = mlstacks_artifact_store.main } # pods reach the bucket by a role of their own
}

resource "mlstacks_experiment_tracker" "main" {
  name    = "tracker"
  cluster = mlstacks_cluster.main
  mlflow  = { artifact_store = mlstacks_artifact_store.main } # without keys, too
}

resource "mlstacks_stack" "main" {
  name               = "eks"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  container_registry = mlstacks_container_registry.main
  experiment_tracker = mlstacks_experiment_tracker.main
}

output "zenml_yaml" { value = mlstacks_stack.main.zenml_yaml } # for zenml stack import
output "tracker" { value = mlstacks_experiment_tracker.main.uri }
output "repository" { value = mlstacks_container_registry.main.outputs["repository"] }
