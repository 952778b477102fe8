list "mlstacks_model_deployer" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}
