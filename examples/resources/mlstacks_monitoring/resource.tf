resource "mlstacks_cluster" "dev" {
  name = "dev"
  k3d  = {}
}

resource "mlstacks_monitoring" "prometheus" {
  name    = "metrics"
  cluster = mlstacks_cluster.dev
  prometheus = {
    retention = "30d"
    storage   = "20Gi"
  }
}

resource "mlstacks_monitoring" "cloudwatch" {
  name = "alerts"
  cloudwatch = {
    projects = ["acme-images"] # or image_builder = mlstacks_image_builder.main, as a whole
  }
}

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
