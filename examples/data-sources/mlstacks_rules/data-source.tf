data "mlstacks_rules" "all" {}

output "waivable" {
  value = [for rule in data.mlstacks_rules.all.rules : rule.id if rule.waivable]
}
