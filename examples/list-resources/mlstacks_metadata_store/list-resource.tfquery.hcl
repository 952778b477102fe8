list "mlstacks_metadata_store" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}

list "mlstacks_metadata_store" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}

list "mlstacks_metadata_store" "here" {
  provider = mlstacks

  config {
    directory = "/srv/ml"
  }
}
