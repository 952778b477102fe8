package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// SkyPilotLambda runs pipelines on Lambda machines that SkyPilot starts and stops.
var SkyPilotLambda = flavor.External(flavor.Meta{
	Name:    "skypilot_lambda",
	ZenML:   "vm_lambda",
	Summary: "Runs pipelines on GPU machines of Lambda that SkyPilot starts and stops.",
	Runs:    flavor.Elsewhere,
	Fields: skypilotFields(map[string]string{
		"api_key":       "API key of the Lambda account.",
		"instance_type": "Lambda instance type, such as `gpu_1x_a10`.",
		"region":        "Lambda region.",
	}),
}, nil)
