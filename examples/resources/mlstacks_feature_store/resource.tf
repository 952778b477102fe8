resource "mlstacks_feature_store" "feast" {
  name = "feast"
  feast = {
    feast_repo  = "feature_repo"
    online_host = "redis.example.com"
  }
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" }
}

resource "mlstacks_feature_store" "sagemaker" {
  name = "features"
  sagemaker = {
    artifact_store = mlstacks_artifact_store.main
    group_prefix   = "churn"
  }
}
