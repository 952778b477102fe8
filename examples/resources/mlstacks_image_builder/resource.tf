resource "mlstacks_image_builder" "local" {
  name  = "docker"
  local = {}
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_image_builder" "kaniko" {
  name    = "builds"
  cluster = mlstacks_cluster.dev
  kaniko = {
    registry_secret = "registry-login"
  }
}
