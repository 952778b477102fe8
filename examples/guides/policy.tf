resource "mlstacks_orchestrator" "main" {
  name  = "laptop"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./artifacts" }
}

resource "mlstacks_stack" "main" {
  name           = "laptop"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main

  lifecycle {
    precondition {
      condition     = provider::mlstacks::parse_artifact_uri(mlstacks_artifact_store.main.uri).cloud == "local"
      error_message = "Artifacts of this team stay on this machine."
    }

    precondition {
      condition     = length(local.findings) == 0
      error_message = join("\n", local.findings[*].message)
    }
  }
}

locals {
  findings = provider::mlstacks::check_stack([mlstacks_orchestrator.main, mlstacks_artifact_store.main])
}

output "findings" {
  value = local.findings
}
