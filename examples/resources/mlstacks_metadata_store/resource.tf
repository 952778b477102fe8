resource "mlstacks_metadata_store" "sqlite" {
  name = "metadata"
  sqlite = {
    path = "${path.module}/metadata.db"
  }
}

resource "mlstacks_metadata_store" "dvc" {
  name = "data-versions"
  dvc = {
    repository = "${path.module}/."
    url        = "s3://acme-runs/dvc"
  }
}
