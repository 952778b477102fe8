resource "mlstacks_secrets_manager" "local_file" {
  name = "laptop"
  local_file = {
    path = "${path.module}/secrets.json"
  }
}

resource "mlstacks_secrets_manager" "vault" {
  name = "vault"
  vault = {
    address     = "https://vault.example.com:8200"
    path_prefix = "ml"
  }
}

resource "mlstacks_secrets_manager" "aws" {
  name = "server-secrets"
  aws  = {}
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_secrets_manager" "kubernetes" {
  name    = "cluster-secrets"
  cluster = mlstacks_cluster.dev
  kubernetes = {
    namespace = "ml-secrets"
  }
}
