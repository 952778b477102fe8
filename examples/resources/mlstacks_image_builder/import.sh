# An image builder is imported by flavor and name of the component.
terraform import mlstacks_image_builder.local local/docker

# One in a cluster is imported by flavor, type and name of the cluster, namespace and name of the component.
terraform import mlstacks_image_builder.kaniko kaniko/k3d/dev/mlstacks/builds

# One in CodeBuild is imported by flavor and name of the project.
terraform import mlstacks_image_builder.codebuild codebuild/images
