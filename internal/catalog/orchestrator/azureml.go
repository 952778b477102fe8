package orchestrator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// AzureML is an Azure Machine Learning workspace that exists already.
var AzureML = flavor.External(flavor.Meta{
	Name:    "azureml",
	ZenML:   "azureml",
	Summary: "Runs pipelines as jobs of an Azure Machine Learning workspace that exists already.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"subscription_id": "Id of the Azure subscription.",
		"resource_group":  "Resource group of the workspace.",
		"workspace":       "Name of the workspace.",
		"mode":            "Compute to run on.",
		"compute_name":    "Compute instance or cluster to run on; every mode but `serverless` needs it.",
		"size":            "Azure VM size of the compute, such as `Standard_DS3_v2`.",
		"synchronous":     "Whether starting a pipeline waits until it has ended.",
	},
}, nil)
