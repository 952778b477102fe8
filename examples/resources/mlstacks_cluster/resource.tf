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

# A cluster in Amazon's Elastic Kubernetes Service, with a network of its own.
resource "mlstacks_cluster" "eks" {
  name = "prod"
  eks = {
    version    = "1.36"
    node_group = { instance_types = ["m6i.xlarge"], max = 5 }
  }
  timeouts = { create = "60m", update = "90m", delete = "60m" }
}
