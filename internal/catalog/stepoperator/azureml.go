package stepoperator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// AzureML runs steps in an Azure Machine Learning workspace that exists already.
var AzureML = flavor.External(flavor.Meta{
	Name:    "azureml",
	ZenML:   "azureml",
	Summary: "Runs steps as jobs of an Azure Machine Learning workspace that exists already.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"subscription_id":            "Id of the Azure subscription.",
		"resource_group":             "Resource group of the workspace.",
		"workspace_name":             "Name of the workspace.",
		"mode":                       "Compute to run on.",
		"compute_name":               "Compute instance or cluster to run on; every mode but `serverless` needs it.",
		"size":                       "Azure VM size of the compute, such as `Standard_DS3_v2`.",
		"tenant_id":                  "Id of the Microsoft Entra tenant of the service principal.",
		"service_principal_id":       "Client id of the service principal to log in as.",
		"service_principal_password": "Client secret of the service principal.",
	},
}, nil).Checked(refuseTargetName)

// refuseTargetName refuses the old name of compute_name: ZenML reads it only where no mode is given, and ours is.
func refuseTargetName(v flavor.Values) []flavor.Problem {
	settings, _ := v["settings"].(map[string]any)
	if settings["compute_target_name"] == nil {
		return nil
	}

	return []flavor.Problem{{
		Path:    []string{"settings", "compute_target_name"},
		Summary: "Old name of an argument",
		Detail:  "ZenML ignores compute_target_name beside a mode. Set compute_name, and mode = \"compute-instance\" or \"compute-cluster\".",
	}}
}
