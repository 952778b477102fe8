resource "mlstacks_model_registry" "mlflow" {
  name   = "mlflow"
  mlflow = {}
}

resource "mlstacks_model_registry" "dvc" {
  name = "models"
  dvc = {
    repository = "${path.module}/." # a directory under Git, or under DVC alone
    url        = "s3://acme-models/dvc"
  }
}
