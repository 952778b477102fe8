package featurestore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Feast is a Feast repository with an online store that runs elsewhere.
var Feast = flavor.External(flavor.Meta{
	Name:    "feast",
	ZenML:   "feast",
	Summary: "A Feast repository with the online store that serves its features.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"feast_repo":  "Path of the Feast repository with the feature definitions, on the machine that runs a step.",
		"online_host": "Host of the online store, often Redis. Remote steps cannot reach a `localhost`.",
		"online_port": "Port of the online store.",
	},
}, nil)
