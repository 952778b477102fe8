variable "tfc_aws_dynamic_credentials" {
  description = "Filled by HCP Terraform, with one entry for each configuration of dynamic credentials."
  type = object({
    default = object({ shared_config_file = string })
    aliases = map(object({ shared_config_file = string }))
  })
  default = { default = { shared_config_file = "~/.aws/config" }, aliases = { RESEARCH = { shared_config_file = "~/.aws/config" } } }
}

provider "mlstacks" {
  aws = {
    region              = "eu-central-1"
    shared_config_files = [var.tfc_aws_dynamic_credentials.default.shared_config_file]
  }
}

provider "mlstacks" {
  alias = "research"

  aws = {
    region              = "eu-central-1"
    shared_config_files = [var.tfc_aws_dynamic_credentials.aliases["RESEARCH"].shared_config_file]
  }
}

resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = { bucket = "acme-ml-artifacts" }
}

resource "mlstacks_artifact_store" "research" {
  provider = mlstacks.research # the other account
  name     = "artifacts"
  s3       = { bucket = "acme-ml-artifacts-research" }
}
