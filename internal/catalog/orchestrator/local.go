package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Local runs pipelines in the Python process that starts them.
var Local = flavor.External(flavor.Meta{
	Name:    "local",
	ZenML:   "local",
	Summary: "Runs pipelines on this machine, in the Python process that starts them.",
	Runs:    flavor.ThisMachine,
}, nil)
