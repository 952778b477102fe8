locals {
  stack = <<-YAML
    spec_version: 1
    spec_type: stack
    name: laptop
    provider: k3d
    components: [store.yaml]
  YAML
  store = <<-YAML
    spec_version: 1
    spec_type: component
    component_type: artifact_store
    component_flavor: minio
    name: artifacts
    provider: k3d
  YAML
}

output "hcl" {
  value = provider::mlstacks::stack_spec(local.stack, local.store).hcl
}

output "flavors" {
  value = { for key, c in provider::mlstacks::stack_spec(local.stack, local.store).components : key => c.flavor } # { artifacts = "minio" }
}
