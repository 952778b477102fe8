resource "mlstacks_mlops_platform" "zenml_server" {
  name = "zenml"
  zenml_server = {
    url = "https://zenml.example.com"
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
