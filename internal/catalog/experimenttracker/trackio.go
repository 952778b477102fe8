package experimenttracker

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Trackio is a project in Trackio, on a server or in a Hugging Face space.
var Trackio = flavor.External(flavor.Meta{
	Name:    "trackio",
	ZenML:   "trackio",
	Summary: "A project in Trackio, on a server of your own or in a Hugging Face space.",
	Runs:    flavor.Elsewhere,
	URI:     "server_url",
	Fields: map[string]string{
		"project_name":       "Project that runs are logged to.",
		"server_url":         "Address of a Trackio server of your own.",
		"space_id":           "Hugging Face space that shows the runs, as `owner/space`.",
		"hf_token":           "Hugging Face token that may write to the space and the dataset.",
		"resume":             "What becomes of a run whose name exists already.",
		"auto_sync":          "Whether a run is synchronized to Hugging Face when it ends.",
		"auto_freeze":        "Whether the dashboard becomes a static copy when a run ends.",
		"publish_to_space":   "Whether dashboards are published to the space.",
		"publish_to_dataset": "Whether logs are published to a Hugging Face dataset, `dataset_id` in `settings`.",
		"log_gpu_metrics":    "Whether the load of GPUs is logged with each run.",
	},
}, nil)
