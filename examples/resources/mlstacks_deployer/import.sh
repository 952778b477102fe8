# A deployer that exists already is imported by flavor and name of the component.
terraform import mlstacks_deployer.docker docker/laptop-docker
