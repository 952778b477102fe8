package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Neptune is a project in Neptune.
var Neptune = flavor.External(flavor.Meta{
	Name:    "neptune",
	ZenML:   "neptune",
	Summary: "A project in Neptune.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"project":   "Project that runs are logged to, as `workspace/project`; without it, Neptune's client reads `NEPTUNE_PROJECT` where a step runs.",
		"api_token": "API token of the account that logs the runs; without it, Neptune's client reads `NEPTUNE_API_TOKEN` where a step runs.",
	},
	Environment: exported(map[string]string{"NEPTUNE_PROJECT": "project"}),
}, nil)
