package imagebuilder

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Local builds images on the machine that starts a pipeline.
var Local = flavor.External(flavor.Meta{
	Name:    "local",
	ZenML:   "local",
	Summary: "Docker, or another container engine, on the machine that starts the pipeline.",
	Runs:    flavor.ThisMachine,
	Fields: map[string]string{
		"use_subprocess_call": "Whether images are built by the command `docker build`, which knows BuildKit and its cache, and not through the Python client.",
	},
}, nil)
