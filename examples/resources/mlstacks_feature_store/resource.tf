resource "mlstacks_feature_store" "feast" {
  name = "feast"
  feast = {
    feast_repo  = "feature_repo"
    online_host = "redis.example.com"
  }
}
