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
