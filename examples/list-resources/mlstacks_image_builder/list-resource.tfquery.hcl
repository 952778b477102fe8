list "mlstacks_image_builder" "in_aws" {
  provider = mlstacks

  config {
    region = "eu-central-1"
  }
}

list "mlstacks_image_builder" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}
