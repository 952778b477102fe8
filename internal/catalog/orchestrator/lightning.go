package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Lightning runs pipelines in Lightning AI studios.
var Lightning = flavor.External(flavor.Meta{
	Name:    "lightning",
	ZenML:   "lightning",
	Summary: "Runs pipelines in studios of Lightning AI.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"user_id":      "Id of the Lightning AI user.",
		"api_key":      "API key of the Lightning AI user.",
		"username":     "Name of the user who owns the teamspace, where no organization does.",
		"organization": "Organization that owns the teamspace.",
		"teamspace":    "Teamspace that the studios are in.",
		"machine_type": "Type of machine to run on, such as `CPU` or `T4`.",
		"synchronous":  "Whether starting a pipeline waits until it has ended.",
	},
}, nil)
