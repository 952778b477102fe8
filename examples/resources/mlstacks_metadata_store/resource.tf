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

resource "mlstacks_metadata_store" "rds" {
  name = "history"
  rds = {
    engine        = "postgres"
    subnet_ids    = ["subnet-0a1b2c3d4e5f60718", "subnet-0f1e2d3c4b5a69780"] # in two zones
    allowed_cidrs = ["10.0.0.0/16"]
  }
}

resource "mlstacks_metadata_store" "dvc" {
  name = "data-versions"
  dvc = {
    repository = "${path.module}/."
    url        = "s3://acme-runs/dvc"
  }
}
