list "mlstacks_container_registry" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}

list "mlstacks_container_registry" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}
