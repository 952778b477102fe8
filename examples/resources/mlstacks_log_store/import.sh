# A log store is imported by flavor and name of the component.
terraform import mlstacks_log_store.datadog datadog/datadog
