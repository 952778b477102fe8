resource "mlstacks_image_builder" "local" {
  name  = "docker"
  local = {}
}
