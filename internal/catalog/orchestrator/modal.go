package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Modal runs pipelines in sandboxes of Modal.
var Modal = flavor.External(flavor.Meta{
	Name:    "modal",
	ZenML:   "modal",
	Summary: "Runs pipelines in sandboxes of Modal, on CPUs or GPUs.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"token_id":     "Id of a Modal API token; it comes with `token_secret`.",
		"token_secret": "Secret of the Modal API token.",
		"gpu":          "Type of GPU, such as `T4` or `A100`; none runs on CPUs.",
		"timeout":      "Seconds after which a run is stopped.",
		"synchronous":  "Whether starting a pipeline waits until it has ended.",
	},
}, nil)
