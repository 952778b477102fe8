# A sandbox is imported by flavor and name of the component.
terraform import mlstacks_sandbox.docker docker/docker
