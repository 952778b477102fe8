resource "mlstacks_artifact_store" "main" {
  name       = "artifacts"
  azure_blob = { path = "az://ml/artifacts", authentication_secret = "azure" }
}

# resource "zenml_stack_component" "artifacts" {
#   name          = mlstacks_artifact_store.main.name
#   type          = mlstacks_artifact_store.main.type
#   flavor        = mlstacks_artifact_store.main.zenml.flavor
#   configuration = mlstacks_artifact_store.main.zenml.configuration
# }
