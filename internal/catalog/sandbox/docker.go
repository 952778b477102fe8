package sandbox

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Docker runs code in a container on the machine of the step.
var Docker = flavor.External(flavor.Meta{
	Name:    "docker",
	ZenML:   "docker",
	Summary: "A container on the machine of the step.",
	Runs:    flavor.ThisMachine,
	Fields: map[string]string{
		"image":       "Image of the container.",
		"workdir":     "Working directory in the container.",
		"pull_policy": "When the image is pulled.",
	},
}, nil)
