list "mlstacks_mlops_platform" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}
