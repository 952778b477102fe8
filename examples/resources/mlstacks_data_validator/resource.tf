resource "mlstacks_data_validator" "great_expectations" {
  name = "expectations"
  great_expectations = {
    path = "${path.module}/gx"
  }
}

resource "mlstacks_data_validator" "deepchecks" {
  name       = "deepchecks"
  deepchecks = {}
}

resource "mlstacks_data_validator" "evidently" {
  name      = "evidently"
  evidently = {}
}

resource "mlstacks_data_validator" "whylogs" {
  name = "whylogs"
  whylogs = {
    enable_whylabs        = true
    authentication_secret = "whylabs"
  }
}
