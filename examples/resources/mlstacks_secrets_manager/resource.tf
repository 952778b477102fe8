resource "mlstacks_secrets_manager" "local_file" {
  name = "laptop"
  local_file = {
    path = "${path.module}/secrets.json"
  }
}

resource "mlstacks_secrets_manager" "vault" {
  name = "vault"
  vault = {
    address     = "https://vault.example.com:8200"
    path_prefix = "ml"
  }
}
