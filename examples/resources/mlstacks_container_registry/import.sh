# A registry that exists already is imported by flavor and name of the component.
terraform import mlstacks_container_registry.ghcr ghcr/ghcr
