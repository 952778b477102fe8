locals {
  team = "Vision & Speech"
}

output "bucket" {
  value = provider::mlstacks::normalize_name("${local.team} artifacts", "s3") # vision-speech-artifacts
}

output "repository" {
  value = provider::mlstacks::normalize_name("${local.team}/Models", "ecr") # vision-speech/models
}

output "namespace" {
  value = provider::mlstacks::normalize_name(local.team, "kubernetes") # vision-speech
}
