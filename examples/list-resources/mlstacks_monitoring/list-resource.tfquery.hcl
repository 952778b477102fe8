list "mlstacks_monitoring" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}

list "mlstacks_monitoring" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}
