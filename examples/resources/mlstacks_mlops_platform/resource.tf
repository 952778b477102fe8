resource "mlstacks_mlops_platform" "zenml_server" {
  name = "zenml"
  zenml_server = {
    url = "https://zenml.example.com"
  }
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_mlops_platform" "zenml" {
  name    = "zenml"
  cluster = mlstacks_cluster.dev
  zenml = {
    expose = { type = "node_port" }
  }
}

# On a database, nothing lies on a volume of the server's own.
resource "mlstacks_metadata_store" "zenml" {
  name    = "zenml-database"
  cluster = mlstacks_cluster.dev
  mysql   = { database = "zenml" }
}

resource "mlstacks_mlops_platform" "team" {
  name    = "zenml-team"
  cluster = mlstacks_cluster.dev
  zenml = {
    metadata_store = mlstacks_metadata_store.zenml
    expose         = { type = "ingress", host = "zenml.example.com", tls = "zenml-tls" }
  }
}

resource "mlstacks_mlops_platform" "azureml" {
  name = "azureml"
  azureml = {
    subscription_id = "00000000-0000-0000-0000-000000000000"
    resource_group  = "ml"
    workspace       = "churn"
  }
}

resource "mlstacks_mlops_platform" "mlflow" {
  name = "mlflow"
  mlflow = {
    tracking_uri = "https://mlflow.example.com"
  }
}
