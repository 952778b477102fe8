package stepoperator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// RunAI runs steps in a cluster that Run:ai schedules.
var RunAI = flavor.External(flavor.Meta{
	Name:    "runai",
	ZenML:   "runai",
	Summary: "Runs steps on shares of GPUs in a cluster that Run:ai schedules.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"runai_base_url":         "Address of the control plane: `https://<company>.run.ai`.",
		"project_name":           "Run:ai project that the work is charged to.",
		"client_id":              "Client id of a Run:ai application.",
		"client_secret":          "Client secret of the Run:ai application.",
		"gpu_devices_request":    "Number of GPUs; 0 for none.",
		"gpu_request_type":       "Whether GPUs are asked for by portion or by memory.",
		"gpu_portion_request":    "Portion of each GPU, from 0 to 1, when asked for by portion.",
		"gpu_memory_request":     "Memory of each GPU, such as `20Gi`, when asked for by memory.",
		"cpu_core_request":       "Number of CPU cores.",
		"cpu_memory_request":     "Main memory, such as `512M` or `4Gi`.",
		"image_pull_secret_name": "Run:ai credential for a private container registry.",
	},
}, nil)
