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
