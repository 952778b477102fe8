list "mlstacks_orchestrator" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}
