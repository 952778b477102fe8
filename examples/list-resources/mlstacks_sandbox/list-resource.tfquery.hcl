list "mlstacks_sandbox" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}
