package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// SkyPilotGCP runs pipelines on Google Cloud machines that SkyPilot starts and stops.
var SkyPilotGCP = flavor.External(flavor.Meta{
	Name:    "skypilot_gcp",
	ZenML:   "vm_gcp",
	Summary: "Runs pipelines on Google Cloud virtual machines that SkyPilot starts and stops.",
	Runs:    flavor.Elsewhere,
	Fields: skypilotFields(map[string]string{
		"project":              "Google Cloud project of the machines; without it, the one of the credentials.",
		"service_account_path": "Path of a service account's key file on the machine that starts a pipeline; without it, a connector or the machine's own login.",
		"instance_type":        "Machine type, such as `n1-standard-8`.",
		"region":               "Google Cloud region.",
		"zone":                 "Zone in the region.",
		"use_spot":             "Whether to use spot machines.",
	}),
}, nil)
