resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_model_deployer" "kubernetes" {
  name    = "churn"
  cluster = mlstacks_cluster.dev
  kubernetes = {
    image    = "ghcr.io/acme/churn:1.4"
    replicas = 10
    canary   = { image = "ghcr.io/acme/churn:1.5", weight = 20 }
    expose   = { type = "node_port" }
  }
}

resource "mlstacks_model_deployer" "mlflow_server" {
  name    = "fraud"
  cluster = mlstacks_cluster.dev
  mlflow_server = {
    model_uri = "models:/fraud/3"
    env       = { MLFLOW_TRACKING_URI = "https://mlflow.example.com" }
  }
}

resource "mlstacks_model_deployer" "mlflow_local" {
  name         = "mlflow"
  mlflow_local = {}
}

resource "mlstacks_model_deployer" "bentoml" {
  name    = "bentoml"
  bentoml = {}
}

resource "mlstacks_model_deployer" "vllm" {
  name = "vllm"
  vllm = {}
}

variable "huggingface_token" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = "replace me"
}

resource "mlstacks_model_deployer" "huggingface" {
  name = "endpoints"
  huggingface = {
    namespace        = "acme"
    token_wo         = var.huggingface_token
    token_wo_version = 1
  }
}

resource "mlstacks_model_deployer" "databricks" {
  name = "model-serving"
  databricks = {
    host                 = "https://acme.cloud.databricks.com"
    client_id_secret     = "databricks.client_id"
    client_secret_secret = "databricks.client_secret"
  }
}
