package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// SkyPilotAzure runs pipelines on Azure machines that SkyPilot starts and stops.
var SkyPilotAzure = flavor.External(flavor.Meta{
	Name:    "skypilot_azure",
	ZenML:   "vm_azure",
	Summary: "Runs pipelines on Azure virtual machines that SkyPilot starts and stops.",
	Runs:    flavor.Elsewhere,
	Fields: skypilotFields(map[string]string{
		"instance_type": "Azure VM size, such as `Standard_NC6s_v3`.",
		"region":        "Azure region.",
		"zone":          "Availability zone in the region.",
		"use_spot":      "Whether to use spot machines.",
	}),
}, nil)
