# A cluster in containers of this machine, with an image registry beside it.
resource "mlstacks_cluster" "k3d" {
  name = "dev"
  k3d = {
    agents   = 1
    registry = { host_port = 5050 }
    ports    = [{ host = 9000, node = 30900 }]
  }
}

# A cluster that somebody else made.
resource "mlstacks_cluster" "kubeconfig" {
  name = "shared"
  kubeconfig = {
    path    = "~/.kube/config"
    context = "shared"
  }
}
