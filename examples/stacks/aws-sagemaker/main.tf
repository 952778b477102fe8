# A stack on AWS without a cluster: SageMaker runs pipelines and costs nothing while none runs. Login and region are those
# of the AWS CLI (AWS_PROFILE, AWS_REGION, …). Pick a name for the bucket that nobody else in AWS has.
terraform {
  required_version = ">= 1.11"
  required_providers {
    mlstacks = { source = "mlstacks/mlstacks" }
  }
}

provider "mlstacks" {
  default_labels = { team = "ml" } # tags of everything that is made
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" }
}

resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}

locals { # what jobs and builds may use: this bucket and this repository, and nothing else in the account
  uses = { artifact_store = mlstacks_artifact_store.main, container_registry = mlstacks_container_registry.main }
}

resource "mlstacks_orchestrator" "main" {
  name      = "pipelines"
  sagemaker = local.uses
}

resource "mlstacks_step_operator" "main" {
  name      = "training"
  sagemaker = local.uses
}

resource "mlstacks_image_builder" "main" {
  name      = "builds"
  codebuild = local.uses
}

resource "mlstacks_secrets_manager" "main" {
  name = "secrets"
  aws  = {}
}

resource "mlstacks_stack" "main" {
  name               = "aws"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  container_registry = mlstacks_container_registry.main
  step_operator      = mlstacks_step_operator.main
  image_builder      = mlstacks_image_builder.main
  secrets_manager    = mlstacks_secrets_manager.main
}

output "zenml_yaml" { value = mlstacks_stack.main.zenml_yaml }                      # for zenml stack import
output "client" { value = mlstacks_orchestrator.main.outputs["client_policy_arn"] } # attach it to who starts pipelines
output "repository" { value = mlstacks_container_registry.main.outputs["repository"] }
