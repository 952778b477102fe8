package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Comet is a project in Comet.
var Comet = flavor.External(flavor.Meta{
	Name:    "comet",
	ZenML:   "comet",
	Summary: "A project in Comet.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"api_key":      "API key that may log to the project.",
		"workspace":    "Workspace that holds the project; without it, the default workspace of the API key.",
		"project_name": "Project that experiments are logged to.",
	},
	Environment: exported(map[string]string{"COMET_WORKSPACE": "workspace", "COMET_PROJECT_NAME": "project_name"}),
}, nil)
