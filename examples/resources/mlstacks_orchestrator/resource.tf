resource "mlstacks_orchestrator" "local" {
  name  = "laptop"
  local = {}
}

resource "mlstacks_orchestrator" "local_docker" {
  name         = "laptop-docker"
  local_docker = {}
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_orchestrator" "kubernetes" {
  name    = "pods"
  cluster = mlstacks_cluster.dev
  kubernetes = {
    namespace      = "runs"
    resource_quota = { pods = "50" }
  }
}

resource "mlstacks_orchestrator" "airflow" {
  name = "airflow"
  airflow = {
    local    = false
    operator = "kubernetes_pod"
  }
}

resource "mlstacks_orchestrator" "azureml" {
  name = "azureml"
  azureml = {
    subscription_id = "00000000-0000-0000-0000-000000000000"
    resource_group  = "ml"
    workspace       = "acme"
  }
}

resource "mlstacks_orchestrator" "databricks" {
  name = "databricks"
  databricks = {
    host                 = "https://acme.cloud.databricks.com"
    client_id_secret     = "databricks.client_id"
    client_secret_secret = "databricks.client_secret"
  }
}

resource "mlstacks_orchestrator" "skypilot_azure" {
  name = "azure-machines"
  skypilot_azure = {
    infra = "azure/eastus"
  }
}

resource "mlstacks_orchestrator" "skypilot_gcp" {
  name = "gcp-machines"
  skypilot_gcp = {
    infra   = "gcp/europe-west3"
    project = "acme-ml"
  }
}

resource "mlstacks_orchestrator" "skypilot_lambda" {
  name = "lambda-machines"
  skypilot_lambda = {
    api_key_secret = "lambda.api_key"
  }
}

resource "mlstacks_orchestrator" "skypilot_kubernetes" {
  name = "gpu-pods"
  skypilot_kubernetes = {
    infra = "k8s/gpu-cluster"
  }
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" }
}

resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}

resource "mlstacks_orchestrator" "sagemaker" {
  name = "sagemaker"
  sagemaker = {
    artifact_store     = mlstacks_artifact_store.main
    container_registry = mlstacks_container_registry.main
    instance_type      = "ml.m5.xlarge"
    schedules          = true
  }
}

resource "mlstacks_orchestrator" "skypilot_aws" {
  name = "aws-machines"
  skypilot_aws = {
    region         = "eu-west-1"
    artifact_store = mlstacks_artifact_store.main
  }
}

resource "mlstacks_orchestrator" "hyperai" {
  name      = "hyperai"
  hyperai   = {}
  connector = { type = "hyperai", name = "hyperai" } # knows how to reach the instance
}

resource "mlstacks_orchestrator" "lightning" {
  name = "lightning"
  lightning = {
    user_id_secret = "lightning.user_id"
    api_key_secret = "lightning.api_key"
    organization   = "acme"
    teamspace      = "research"
  }
}

resource "mlstacks_orchestrator" "modal" {
  name = "modal"
  modal = {
    token_id_secret     = "modal.token_id"
    token_secret_secret = "modal.token_secret"
  }
}

variable "ssh_private_key" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = "replace me"
}

resource "mlstacks_orchestrator" "ssh" {
  name = "gpu-host"
  ssh = {
    hostname                   = "gpu.example.com"
    username                   = "ml"
    ssh_private_key_wo         = var.ssh_private_key
    ssh_private_key_wo_version = 1
  }
}

resource "mlstacks_orchestrator" "dvc" {
  name = "dvc"
  dvc = {
    repository = "${path.module}/."

    stages = {
      train = { cmd = "python train.py", deps = ["train.py"], outs = ["model.pkl"] }
    }
  }
}

# A flavor of your own.
resource "mlstacks_flavor" "nomad" {
  component_type = "orchestrator"
  name           = "nomad"
  config_schema = jsonencode({
    type                 = "object"
    required             = ["address"]
    additionalProperties = false
    properties           = { address = { type = "string" } }
  })
}

resource "mlstacks_orchestrator" "custom" {
  name = "nomad"
  custom = {
    flavor = mlstacks_flavor.nomad
    config = { address = "https://nomad.example.com" }
  }
}
