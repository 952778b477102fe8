resource "mlstacks_model_registry" "mlflow" {
  name   = "mlflow"
  mlflow = {}
}

resource "mlstacks_experiment_tracker" "team" {
  name = "team"
  mlflow_server = {
    tracking_uri          = "https://mlflow.example.com"
    tracking_token_secret = "mlflow.token"
  }
}

resource "mlstacks_model_registry" "team" {
  name   = "team"
  mlflow = { experiment_tracker = mlstacks_experiment_tracker.team }
}

resource "mlstacks_model_registry" "sagemaker" {
  name = "churn"
  sagemaker = {
    group       = "churn"
    description = "Which customers leave."
  }
}

resource "mlstacks_model_registry" "dvc" {
  name = "models"
  dvc = {
    repository = "${path.module}/." # a directory under Git, or under DVC alone
    url        = "s3://acme-models/dvc"
  }
}
