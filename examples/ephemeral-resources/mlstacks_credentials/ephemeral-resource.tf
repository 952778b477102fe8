resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_artifact_store" "main" {
  name    = "artifacts"
  cluster = mlstacks_cluster.dev
  minio   = { bucket = "artifacts", expose = { type = "node_port" } }
}

ephemeral "mlstacks_credentials" "store" {
  component = mlstacks_artifact_store.main
}

# The AWS provider on the storage in the cluster.
provider "aws" {
  access_key = ephemeral.mlstacks_credentials.store.username
  secret_key = ephemeral.mlstacks_credentials.store.password
  endpoints { s3 = mlstacks_artifact_store.main.uri }

  region                      = "us-east-1"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}
