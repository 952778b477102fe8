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

resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}

# For accounts that used App Runner before AWS closed it to new customers.
resource "mlstacks_deployer" "app_runner" {
  name = "app-runner"
  app_runner = {
    container_registry = mlstacks_container_registry.main
  }
}

resource "mlstacks_deployer" "huggingface" {
  name = "spaces"
  huggingface = {
    organization = "acme"
    token_secret = "huggingface.token"
  }
}
