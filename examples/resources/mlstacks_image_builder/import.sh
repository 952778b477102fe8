# An image builder is imported by flavor and name of the component.
terraform import mlstacks_image_builder.local local/docker
