resource "mlstacks_flavor" "victoriametrics" {
  component_type = "monitoring"
  name           = "victoriametrics"

  config_schema = jsonencode({
    type                 = "object"
    required             = ["url"]
    additionalProperties = false
    properties = {
      url = { type = "string", format = "uri" }
    }
  })
}

resource "mlstacks_monitoring" "custom" {
  name = "metrics"
  custom = {
    flavor = mlstacks_flavor.victoriametrics
    config = { url = "https://metrics.example.com" }
  }
}
