package annotator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Prodigy is the labeling tool Prodigy on the machine of the annotator.
var Prodigy = flavor.External(flavor.Meta{
	Name:    "prodigy",
	ZenML:   "prodigy",
	Summary: "Prodigy, started on this machine; it needs a license of its own.",
	Runs:    flavor.ThisMachine,
	Fields:  map[string]string{}, // everything is in settings
}, nil)
