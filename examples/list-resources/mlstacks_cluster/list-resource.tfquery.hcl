list "mlstacks_cluster" "on_this_machine" {
  provider = mlstacks

  config {
    flavors = ["k3d"]
  }
}
