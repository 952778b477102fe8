# A component of a custom flavor is imported by custom, name of the flavor and name of the component.
terraform import mlstacks_monitoring.custom custom/victoriametrics/metrics

# One in a cluster is imported by flavor, type and name of the cluster, namespace and name of the component.
terraform import mlstacks_monitoring.prometheus prometheus/k3d/dev/mlstacks/metrics

# One in CloudWatch is imported by flavor and name of the log group.
terraform import mlstacks_monitoring.cloudwatch cloudwatch//mlstacks/alerts
