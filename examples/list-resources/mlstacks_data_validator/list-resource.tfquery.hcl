list "mlstacks_data_validator" "here" {
  provider = mlstacks

  config {
    directory = "/srv/ml"
  }
}
