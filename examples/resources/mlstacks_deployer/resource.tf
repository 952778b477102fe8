resource "mlstacks_deployer" "local" {
  name = "laptop"
  local = {
    port = 8000
  }
}

resource "mlstacks_deployer" "docker" {
  name   = "laptop-docker"
  docker = {}
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_deployer" "kubernetes" {
  name       = "services"
  cluster    = mlstacks_cluster.dev
  kubernetes = {}
}

resource "mlstacks_deployer" "huggingface" {
  name = "spaces"
  huggingface = {
    organization = "acme"
    token_secret = "huggingface.token"
  }
}
