# A deployer that exists already is imported by flavor and name of the component.
terraform import mlstacks_deployer.docker docker/laptop-docker

# A deployer in a cluster is imported by flavor, flavor and name of the cluster, namespace and name.
terraform import mlstacks_deployer.kubernetes kubernetes/k3d/dev/mlstacks/services

# One in AWS is imported by flavor and name of the component.
terraform import mlstacks_deployer.app_runner app_runner/app-runner
