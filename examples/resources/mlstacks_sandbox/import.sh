# A sandbox is imported by flavor and name of the component.
terraform import mlstacks_sandbox.docker docker/docker

# A sandbox in a cluster is imported by flavor, flavor and name of the cluster, namespace and name.
terraform import mlstacks_sandbox.kubernetes kubernetes/k3d/dev/sandboxes/pods
