resource "mlstacks_metadata_store" "sqlite" {
  name = "metadata"
  sqlite = {
    path = "${path.module}/metadata.db"
  }
}

resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_metadata_store" "postgres" {
  name     = "runs"
  cluster  = mlstacks_cluster.dev
  postgres = {}
}

resource "mlstacks_metadata_store" "mysql" {
  name    = "lineage"
  cluster = mlstacks_cluster.dev
  mysql = {
    database = "lineage"
    expose   = { type = "node_port" } # without it, only pods reach the database
  }
}

resource "mlstacks_metadata_store" "dvc" {
  name = "data-versions"
  dvc = {
    repository = "${path.module}/."
    url        = "s3://acme-runs/dvc"
  }
}
