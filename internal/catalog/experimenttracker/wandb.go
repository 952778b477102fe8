package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Wandb is a project in Weights & Biases.
var Wandb = flavor.External(flavor.Meta{
	Name:    "wandb",
	ZenML:   "wandb",
	Summary: "A project in Weights & Biases.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"api_key":               "API key of the account that logs the runs.",
		"entity":                "User or team that the project belongs to; without it, the default entity of the API key.",
		"project_name":          "Project that runs are logged to.",
		"run_id_strategy":       "How the ids of runs are made: by Weights & Biases, or by ZenML, a new one or the same one for a step that is tried again.",
		"run_id":                "Id of the run to log to; it stands only beside `run_id_strategy = \"wandb_generated\"`.",
		"resume":                "What becomes of a run whose id exists already. `must` needs a `run_id` or another `run_id_strategy`.",
		"enable_zenml_metadata": "Whether runs carry ZenML's context in their tags and configuration.",
		"enable_weave":          "Whether calls of language models are traced with Weave.",
	},
	Environment: exported(map[string]string{"WANDB_ENTITY": "entity", "WANDB_PROJECT": "project_name"}),
}, nil)
