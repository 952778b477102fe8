list "mlstacks_model_registry" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}
