resource "mlstacks_sandbox" "local" {
  name  = "process"
  local = {}
}

resource "mlstacks_sandbox" "docker" {
  name = "docker"
  docker = {
    image    = "python:3.12-slim"
    settings = { memory_limit = "1g", cpu_limit = 1 }
  }
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_sandbox" "kubernetes" {
  name    = "pods"
  cluster = mlstacks_cluster.dev
  kubernetes = {
    namespace      = "sandboxes"
    resource_quota = { pods = "10" }
  }
}

resource "mlstacks_sandbox" "modal" {
  name = "modal"
  modal = {
    token_id_secret     = "modal.token_id"
    token_secret_secret = "modal.token_secret"
    timeout             = 600
  }
}
