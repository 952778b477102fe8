resource "mlstacks_flavor" "lakefs" {
  component_type = "artifact_store"
  name           = "lakefs"
  schemes        = ["s3://"]
  provides       = ["s3"]

  config_schema = jsonencode({
    type                 = "object"
    required             = ["path"]
    additionalProperties = false
    properties = {
      path     = { type = "string" }
      endpoint = { type = "string", format = "uri" }
      replicas = { type = "integer", minimum = 1 }
    }
  })
}

resource "mlstacks_artifact_store" "lakefs" {
  name = "lakefs"
  custom = {
    flavor = mlstacks_flavor.lakefs
    config = {
      path     = "s3://main/artifacts"
      endpoint = "https://lakefs.example.com"
      replicas = 2
    }
  }
}
