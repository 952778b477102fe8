// Package containerregistry has the flavors of container registries.
package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type container_registry.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "container_registry",
		ZenML:     true,
		Clustered: true,
		Purpose: "A container registry keeps the images that steps and deployments run in. ZenML builds an image with the code and " +
			"its requirements, pushes it here, and whatever runs a step elsewhere pulls it: nearly every orchestrator but a " +
			"local one needs a registry that both sides reach.",
		Flavors: []flavor.Flavor{K3d, Distribution, ECR, Generic, DockerHub, GHCR, ACR, DigitalOcean},
	}
}
