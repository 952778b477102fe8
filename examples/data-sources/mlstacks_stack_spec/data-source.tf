data "mlstacks_stack_spec" "old" {
  path = "${path.module}/stack.yaml"
}

# The whole stack: terraform output -raw hcl > ../stack/main.tf
output "hcl" {
  value = data.mlstacks_stack_spec.old.hcl
}

# Or its components, while the YAML files stay where changes are made.
resource "mlstacks_artifact_store" "this" {
  for_each = { for key, c in data.mlstacks_stack_spec.old.components : key => c if c.flavor == "s3" }
  name     = each.value.name
  labels   = each.value.labels
  s3       = { bucket = each.value.configuration.bucket }
}
