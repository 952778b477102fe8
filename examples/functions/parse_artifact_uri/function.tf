locals {
  store = provider::mlstacks::parse_artifact_uri("s3://acme-artifacts/prod/runs")
}

# For a policy, say.
output "objects" {
  value = "arn:aws:s3:::${local.store.bucket}/${local.store.prefix}/*" # arn:aws:s3:::acme-artifacts/prod/runs/*
}

output "cloud" {
  value = local.store.cloud # aws
}
