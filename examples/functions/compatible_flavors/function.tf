resource "mlstacks_orchestrator" "main" {
  name           = "rented"
  skypilot_azure = {}
}

# A store on this machine is not among them, since steps on other machines do not reach it.
output "stores" {
  value = provider::mlstacks::compatible_flavors("artifact_store", [mlstacks_orchestrator.main])
}
