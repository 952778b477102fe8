output "artifact_store" {
  description = "Where this machine and the pods find S3-compatible storage."
  value       = mlstacks_artifact_store.main.uri
}

output "tracker" {
  description = "Where this machine and the pods find MLflow."
  value       = mlstacks_experiment_tracker.main.uri
}

output "registry" {
  description = "Where images are pushed to and pulled from."
  value       = mlstacks_container_registry.main.uri
}

output "diagram" {
  description = "The stack as a Mermaid flowchart."
  value       = mlstacks_stack.main.diagram
}

output "zenml_yaml" {
  description = "The stack for `zenml stack import`."
  value       = mlstacks_stack.main.zenml_yaml
}

output "environment" {
  description = "Variables that a client of the stack needs."
  value       = mlstacks_stack.main.environment
}

output "required_secrets" {
  description = "Secrets that ZenML has to hold."
  value       = mlstacks_stack.main.required_secrets
}
