package sandbox

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Local runs code as a process on the machine of the step, in a directory of its own.
var Local = flavor.External(flavor.Meta{
	Name:    "local",
	ZenML:   "local",
	Summary: "A process on the machine of the step; it separates nothing but the working directory, so use it for code you trust.",
	Runs:    flavor.ThisMachine,
	Fields:  map[string]string{}, // everything is in settings
}, nil)
