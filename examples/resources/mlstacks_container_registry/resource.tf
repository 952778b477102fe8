resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d = {
    registry = { host_port = 5050 }
    ports    = [{ host = 30500, node = 30500 }]
  }
}

# The registry beside the cluster: localhost:5050, here and in the images of pods.
resource "mlstacks_container_registry" "k3d" {
  name    = "beside"
  cluster = mlstacks_cluster.dev
  k3d     = {}
}

# A registry in the cluster: localhost:30500, here and in the images of pods, because the ports are the same.
resource "mlstacks_container_registry" "distribution" {
  name    = "images"
  cluster = mlstacks_cluster.dev
  distribution = {
    storage  = "50Gi"
    username = "ml"
    expose   = { type = "node_port", port = 30500 }
  }
}

resource "mlstacks_container_registry" "ecr" {
  name = "images"
  ecr = {
    repository = "acme/ml"
  }
}

resource "mlstacks_container_registry" "generic" {
  name = "harbor"
  generic = {
    uri = "registry.example.com"
  }
}

resource "mlstacks_container_registry" "dockerhub" {
  name = "dockerhub"
  dockerhub = {
    uri                = "docker.io"
    default_repository = "acme"
  }
}

resource "mlstacks_container_registry" "ghcr" {
  name = "ghcr"
  ghcr = {
    uri                   = "ghcr.io"
    default_repository    = "acme"
    authentication_secret = "ghcr"
  }
}

resource "mlstacks_container_registry" "acr" {
  name = "acr"
  acr = {
    uri = "acme.azurecr.io"
  }
}

resource "mlstacks_container_registry" "digitalocean" {
  name = "docr"
  digitalocean = {
    uri = "registry.digitalocean.com/acme"
  }
}
