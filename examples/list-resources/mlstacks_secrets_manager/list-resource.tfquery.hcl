list "mlstacks_secrets_manager" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}

list "mlstacks_secrets_manager" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}

list "mlstacks_secrets_manager" "here" {
  provider = mlstacks

  config {
    directory = "/srv/ml"
  }
}
