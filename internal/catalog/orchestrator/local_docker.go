package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// LocalDocker runs every step in a container on this machine.
var LocalDocker = flavor.External(flavor.Meta{
	Name:    "local_docker",
	ZenML:   "local_docker",
	Summary: "Runs every step in a container of its own on this machine's Docker.",
	Runs:    flavor.ThisMachine,
	Fields: map[string]string{
		"synchronous": "Whether starting a pipeline waits until it has ended.",
	},
}, nil)
