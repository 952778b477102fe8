// Package imagebuilder has the flavors of image builders.
package imagebuilder

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the component type image_builder.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:      "image_builder",
		ZenML:     true,
		Clustered: true,
		Purpose: "An image builder packs the code of a pipeline and what it depends on into the container image that remote steps run in. It needs a way " +
			"to build, and leave to push to the registry of the stack.",
		Flavors: []flavor.Flavor{Local, Kaniko, CodeBuild},
	}
}
