list "mlstacks_feature_store" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}
