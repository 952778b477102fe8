# A registry that exists already is imported by flavor and name of the component.
terraform import mlstacks_container_registry.ghcr ghcr/ghcr

# A registry in a cluster is imported by flavor, type and name of the cluster, namespace and name of the component; the one
# beside a k3d cluster has the word registry in the place of the namespace.
terraform import mlstacks_container_registry.distribution distribution/k3d/dev/mlstacks/images
terraform import mlstacks_container_registry.k3d k3d/k3d/dev/registry/beside

# One in AWS is imported by flavor and name of the repository.
terraform import mlstacks_container_registry.ecr ecr/acme/ml
