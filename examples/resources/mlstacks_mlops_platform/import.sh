# A platform is imported by flavor and name of the component.
terraform import mlstacks_mlops_platform.zenml_server zenml_server/zenml
