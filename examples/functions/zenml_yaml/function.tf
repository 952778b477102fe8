resource "mlstacks_orchestrator" "main" {
  name  = "laptop"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./artifacts" }
}

# The same as mlstacks_stack.zenml_yaml, for components that no stack takes.
output "stack" {
  value = provider::mlstacks::zenml_yaml([mlstacks_orchestrator.main, mlstacks_artifact_store.main], "laptop")
}

# An object has the attributes of mlstacks_stack.
output "same" {
  value = provider::mlstacks::zenml_yaml({
    name           = "laptop"
    orchestrator   = mlstacks_orchestrator.main
    artifact_store = mlstacks_artifact_store.main
  })
}
