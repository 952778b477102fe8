package annotator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Argilla is an Argilla server that runs elsewhere.
var Argilla = flavor.External(flavor.Meta{
	Name:    "argilla",
	ZenML:   "argilla",
	Summary: "An Argilla server that runs already.",
	Runs:    flavor.Elsewhere,
	URI:     "instance_url",
	Fields: map[string]string{
		"instance_url": "Address of the Argilla server, without port.",
		"port":         "Port of the Argilla server; `443` for an https address that names none.",
		"api_key":      "API key of the account that datasets belong to.",
	},
}, nil)
