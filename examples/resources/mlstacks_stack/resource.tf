resource "mlstacks_orchestrator" "main" {
  name  = "pipelines"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "${path.module}/artifacts" }
}

resource "mlstacks_alerter" "chat" {
  name  = "chat"
  slack = { slack_token_secret = "slack.token" }
}

resource "mlstacks_alerter" "ops" {
  name    = "ops"
  discord = { discord_token_secret = "discord.token" }
}

resource "mlstacks_stack" "main" {
  name                = "laptop"
  orchestrator        = mlstacks_orchestrator.main
  artifact_store      = mlstacks_artifact_store.main
  alerter             = mlstacks_alerter.chat
  additional_alerters = [mlstacks_alerter.ops]
}

output "zenml_yaml" {
  value = mlstacks_stack.main.zenml_yaml
}
