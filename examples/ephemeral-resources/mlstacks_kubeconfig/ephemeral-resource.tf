resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

ephemeral "mlstacks_kubeconfig" "dev" {
  cluster = mlstacks_cluster.dev
}

provider "kubernetes" {
  host                   = ephemeral.mlstacks_kubeconfig.dev.host
  cluster_ca_certificate = ephemeral.mlstacks_kubeconfig.dev.cluster_ca_certificate
  client_certificate     = ephemeral.mlstacks_kubeconfig.dev.client_certificate
  client_key             = ephemeral.mlstacks_kubeconfig.dev.client_key
}
