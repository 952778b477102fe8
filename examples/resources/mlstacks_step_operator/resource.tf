resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_step_operator" "kubernetes" {
  name       = "pods"
  cluster    = mlstacks_cluster.dev
  kubernetes = {}
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" }
}

resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}

resource "mlstacks_step_operator" "sagemaker" {
  name = "sagemaker"
  sagemaker = {
    artifact_store     = mlstacks_artifact_store.main
    container_registry = mlstacks_container_registry.main
  }
}

resource "mlstacks_step_operator" "azureml" {
  name = "azureml"
  azureml = {
    subscription_id = "00000000-0000-0000-0000-000000000000"
    resource_group  = "ml"
    workspace_name  = "acme"
    mode            = "compute-cluster"
    compute_name    = "gpu"
  }
}

resource "mlstacks_step_operator" "databricks" {
  name = "databricks"
  databricks = {
    host                 = "https://acme.cloud.databricks.com"
    client_id_secret     = "databricks.client_id"
    client_secret_secret = "databricks.client_secret"
  }
}

resource "mlstacks_step_operator" "modal" {
  name = "modal"
  modal = {
    token_id_secret     = "modal.token_id"
    token_secret_secret = "modal.token_secret"
    gpu                 = "A100"
  }
}

resource "mlstacks_step_operator" "runai" {
  name = "runai"
  runai = {
    runai_base_url       = "https://acme.run.ai"
    project_name         = "research"
    client_id_secret     = "runai.client_id"
    client_secret_secret = "runai.client_secret"
    gpu_portion_request  = 0.5
  }
}

variable "baseten_api_key" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = "replace me"
}

resource "mlstacks_step_operator" "baseten" {
  name = "baseten"
  baseten = {
    project            = "research"
    api_key_wo         = var.baseten_api_key
    api_key_wo_version = 1
  }
}

resource "mlstacks_step_operator" "ssh" {
  name = "gpu-host"
  ssh = {
    hostname               = "gpu.example.com"
    username               = "ml"
    ssh_private_key_secret = "gpu-host.key"
  }
}
