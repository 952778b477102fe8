resource "mlstacks_orchestrator" "main" {
  name  = "pipelines"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "${path.module}/artifacts" }
}

resource "mlstacks_stack" "main" {
  name           = "laptop"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main
}

data "mlstacks_stack_page" "main" {
  stack = mlstacks_stack.main
}

# terraform output -raw page > laptop.html
output "page" {
  value     = data.mlstacks_stack_page.main.html
  sensitive = true # there is no secret in it; this keeps its text out of what Terraform shows
}
