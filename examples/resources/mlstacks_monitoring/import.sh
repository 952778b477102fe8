# A component of a custom flavor is imported by custom, name of the flavor and name of the component.
terraform import mlstacks_monitoring.custom custom/victoriametrics/metrics
