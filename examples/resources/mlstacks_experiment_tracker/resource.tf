resource "mlstacks_experiment_tracker" "mlflow_local" {
  name = "notebook"
  mlflow_local = {
    path = "${path.module}/mlruns"
  }
}

variable "mlflow_token" {
  type      = string
  ephemeral = true
  default   = "not-a-real-token"
}

resource "mlstacks_experiment_tracker" "mlflow_server" {
  name = "mlflow"
  mlflow_server = {
    tracking_uri              = "https://mlflow.example.com"
    tracking_token_wo         = var.mlflow_token
    tracking_token_wo_version = 1
  }
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_experiment_tracker" "mlflow" {
  name    = "runs"
  cluster = mlstacks_cluster.dev
  mlflow = {
    expose = { type = "node_port" }
  }
}

# On a database and a bucket, nothing lies on a volume of the server's own.
resource "mlstacks_metadata_store" "runs" {
  name     = "runs-database"
  cluster  = mlstacks_cluster.dev
  postgres = {}
}

resource "mlstacks_artifact_store" "models" {
  name    = "artifacts"
  cluster = mlstacks_cluster.dev
  minio   = { bucket = "artifacts" }
}

resource "mlstacks_experiment_tracker" "team" {
  name    = "team"
  cluster = mlstacks_cluster.dev
  mlflow = {
    metadata_store = mlstacks_metadata_store.runs
    artifact_store = mlstacks_artifact_store.models
    expose         = { type = "ingress", host = "mlflow.example.com", tls = "mlflow-tls" }
  }
}

resource "mlstacks_experiment_tracker" "wandb" {
  name = "wandb"
  wandb = {
    entity         = "acme"
    project_name   = "churn"
    api_key_secret = "wandb.api_key"
  }
}

resource "mlstacks_experiment_tracker" "comet" {
  name = "comet"
  comet = {
    workspace      = "acme"
    project_name   = "churn"
    api_key_secret = "comet.api_key"
  }
}

resource "mlstacks_experiment_tracker" "neptune" {
  name = "neptune"
  neptune = {
    project          = "acme/churn"
    api_token_secret = "neptune.api_token"
  }
}

resource "mlstacks_experiment_tracker" "trackio" {
  name = "trackio"
  trackio = {
    project_name    = "churn"
    space_id        = "acme/trackio"
    hf_token_secret = "huggingface.token"
  }
}

resource "mlstacks_experiment_tracker" "sacred" {
  name = "sacred"
  sacred = {
    path = "${path.module}/sacred"
  }
}
