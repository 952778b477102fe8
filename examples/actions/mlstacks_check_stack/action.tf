resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "/srv/ml/artifacts" }
}

resource "mlstacks_orchestrator" "main" {
  name  = "pipelines"
  local = {}
}

resource "mlstacks_stack" "main" {
  name           = "laptop"
  artifact_store = mlstacks_artifact_store.main
  orchestrator   = mlstacks_orchestrator.main

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.mlstacks_check_stack.main]
    }
  }
}

# Also by hand: terraform apply -invoke=action.mlstacks_check_stack.main
action "mlstacks_check_stack" "main" {
  config {
    stack = mlstacks_stack.main
  }
}
