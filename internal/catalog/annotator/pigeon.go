package annotator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Pigeon is the labeling widget Pigeon in a notebook.
var Pigeon = flavor.External(flavor.Meta{
	Name:    "pigeon",
	ZenML:   "pigeon",
	Summary: "The widget Pigeon, for labeling text and images in a notebook.",
	Runs:    flavor.ThisMachine,
	Fields: map[string]string{
		"output_dir": "Directory that keeps the labels, on the machine that runs the notebook.",
	},
}, nil)
