list "mlstacks_step_operator" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}
