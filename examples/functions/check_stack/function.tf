resource "mlstacks_orchestrator" "main" {
  name           = "rented"
  skypilot_azure = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./artifacts" }
}

# A warning in every plan, and nothing that stops one: no mlstacks_stack takes these components.
check "components_fit" {
  assert {
    condition     = length(local.errors) == 0
    error_message = join("\n", [for e in local.errors : "${e.slot}: ${e.message} ${e.fix}"])
  }
}

locals {
  findings = provider::mlstacks::check_stack([mlstacks_orchestrator.main, mlstacks_artifact_store.main])
  errors   = [for f in local.findings : f if f.severity == "error"]
}

output "rules" {
  value = local.errors[*].rule # ["orchestrator-needs-registry"]
}
