# A k3d cluster on this machine, whoever made it.
data "mlstacks_cluster" "dev" {
  name = "dev"
}

# A cluster of a kubeconfig.
data "mlstacks_cluster" "shared" {
  name    = "shared"
  context = "shared"
}

resource "mlstacks_artifact_store" "main" {
  name    = "artifacts"
  cluster = data.mlstacks_cluster.dev
  minio   = { bucket = "artifacts" }
}
