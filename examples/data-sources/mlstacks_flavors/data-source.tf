data "mlstacks_flavors" "trackers" {
  kind = "experiment_tracker"
}

output "trackers" {
  value = { for f in data.mlstacks_flavors.trackers.flavors : f.flavor => f.summary }
}
