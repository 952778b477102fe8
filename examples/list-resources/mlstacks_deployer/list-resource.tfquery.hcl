list "mlstacks_deployer" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}
