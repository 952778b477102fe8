package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// HyperAI is a HyperAI instance that exists already.
var HyperAI = flavor.External(flavor.Meta{
	Name:    "hyperai",
	ZenML:   "hyperai",
	Summary: "Runs every step in a container on a HyperAI instance that exists already.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"container_registry_autologin":     "Whether the instance logs in to the stack's container registry.",
		"automatic_cleanup_pipeline_files": "Whether files of pipelines are deleted from the instance after a week.",
		"gpu_enabled_in_container":         "Whether containers get the GPUs of the instance.",
	},
}, nil)
