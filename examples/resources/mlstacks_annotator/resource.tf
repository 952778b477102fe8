resource "mlstacks_annotator" "label_studio" {
  name = "label-studio"
  label_studio = {
    instance_url   = "https://label-studio.example.com"
    port           = 443
    api_key_secret = "label_studio.api_key"
  }
}

resource "mlstacks_annotator" "argilla" {
  name = "argilla"
  argilla = {
    instance_url   = "https://argilla.example.com"
    port           = 443
    api_key_secret = "argilla.api_key"
  }
}

resource "mlstacks_annotator" "prodigy" {
  name    = "prodigy"
  prodigy = {}
}

resource "mlstacks_annotator" "pigeon" {
  name   = "pigeon"
  pigeon = {}
}
