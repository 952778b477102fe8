resource "mlstacks_log_store" "datadog" {
  name = "datadog"
  datadog = {
    site                   = "datadoghq.eu"
    api_key_secret         = "datadog.api_key"
    application_key_secret = "datadog.application_key"
  }
}

resource "mlstacks_log_store" "otel" {
  name = "otel"
  otel = {
    endpoint = "https://otel.example.com/v1/logs"
  }
}
