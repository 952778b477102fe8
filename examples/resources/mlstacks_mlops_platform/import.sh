# A platform elsewhere is imported by flavor and name of the component.
terraform import mlstacks_mlops_platform.zenml_server zenml_server/zenml

# A platform in a cluster is imported by flavor, the way into the cluster, its namespace and its name.
terraform import mlstacks_mlops_platform.zenml zenml/k3d/dev/mlstacks/zenml
