resource "mlstacks_artifact_store" "local" {
  name = "local"
  local = {
    path = "${path.module}/artifacts"
  }
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_artifact_store" "minio" {
  name    = "artifacts"
  cluster = mlstacks_cluster.dev
  minio = {
    bucket  = "artifacts"
    storage = "10Gi"
    expose  = { type = "node_port" }
  }
}

resource "mlstacks_artifact_store" "s3" {
  name = "artifacts"
  s3 = {
    bucket                       = "acme-ml-artifacts"
    expire_noncurrent_after_days = 90
  }
}

resource "mlstacks_artifact_store" "azure_blob" {
  name = "azure"
  azure_blob = {
    path                  = "az://artifacts/prod"
    authentication_secret = "azure-storage"
  }
}

resource "mlstacks_artifact_store" "b2" {
  name = "backblaze"
  b2 = {
    path          = "s3://acme-ml/prod"
    key_secret    = "backblaze.key_id"
    secret_secret = "backblaze.key"
    settings = {
      client_kwargs = { endpoint_url = "https://s3.eu-central-003.backblazeb2.com" }
    }
  }
}

resource "mlstacks_artifact_store" "digitalocean" {
  name = "spaces"
  digitalocean = {
    path                  = "s3://acme-ml/prod"
    region                = "fra1"
    authentication_secret = "spaces"
  }
}
