package stepoperator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Baseten runs steps as training jobs of Baseten.
var Baseten = flavor.External(flavor.Meta{
	Name:    "baseten",
	ZenML:   "baseten",
	Summary: "Runs steps as training jobs of Baseten.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"api_key":              "API key of the Baseten workspace.",
		"project":              "Training project of the jobs; it is made if there is none.",
		"registry_auth_secret": "Name of the Baseten secret with `username:password` of a private container registry.",
	},
}, nil)
