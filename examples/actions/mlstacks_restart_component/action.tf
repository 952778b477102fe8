resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_experiment_tracker" "main" {
  name    = "tracker"
  cluster = mlstacks_cluster.dev
  mlflow  = {}
}

# terraform apply -invoke=action.mlstacks_restart_component.tracker
action "mlstacks_restart_component" "tracker" {
  config {
    component = mlstacks_experiment_tracker.main
    timeout   = "5m"
  }
}
