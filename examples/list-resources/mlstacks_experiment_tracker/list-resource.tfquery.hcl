list "mlstacks_experiment_tracker" "in_cluster" {
  provider = mlstacks

  config {
    cluster = "k3d/dev"
  }
}

list "mlstacks_experiment_tracker" "here" {
  provider = mlstacks

  config {
    directory = "/srv/ml"
  }
}
