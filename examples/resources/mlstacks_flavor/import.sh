# A flavor is imported by component type and name.
terraform import mlstacks_flavor.lakefs artifact_store/lakefs
