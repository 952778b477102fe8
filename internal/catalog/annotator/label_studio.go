package annotator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// LabelStudio is a Label Studio that runs elsewhere.
var LabelStudio = flavor.External(flavor.Meta{
	Name:    "label_studio",
	ZenML:   "label_studio",
	Summary: "A Label Studio that runs already.",
	Runs:    flavor.Elsewhere,
	URI:     "instance_url",
	Fields: map[string]string{
		"instance_url": "Address of Label Studio, without port.",
		"port":         "Port of Label Studio; `443` for an https address that names none.",
		"api_key":      "Access token of the account that projects belong to.",
	},
}, nil)
