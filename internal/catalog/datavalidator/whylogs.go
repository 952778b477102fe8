package datavalidator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Whylogs profiles data with whylogs.
var Whylogs = flavor.External(flavor.Meta{
	Name:    "whylogs",
	ZenML:   "whylogs",
	Summary: "Data profiles of whylogs, kept as artifacts or uploaded to a WhyLabs platform.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"enable_whylabs":        "Whether profiles are uploaded to WhyLabs too; that needs `authentication_secret`.",
		"authentication_secret": "Name of the ZenML secret with the WhyLabs credentials.",
	},
}, nil)
