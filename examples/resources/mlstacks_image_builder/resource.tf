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

resource "mlstacks_artifact_store" "s3" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" }
}

resource "mlstacks_container_registry" "ecr" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}

resource "mlstacks_image_builder" "codebuild" {
  name = "images"
  codebuild = {
    artifact_store     = mlstacks_artifact_store.s3
    container_registry = mlstacks_container_registry.ecr
  }
}
