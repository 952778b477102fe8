package modeldeployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Databricks serves models from Databricks Model Serving.
var Databricks = flavor.External(flavor.Meta{
	Name:    "databricks",
	ZenML:   "databricks",
	Summary: "Serves models from Databricks Model Serving.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"host":          "Address of the workspace: `https://<workspace>.cloud.databricks.com`.",
		"client_id":     "Client id of a service principal; it comes with `client_secret`, and without both `secret_name` is needed.",
		"client_secret": "OAuth secret of the service principal.",
		"secret_name":   "Name of the ZenML secret with `client_id` and `client_secret`, in place of those given here.",
	},
}, nil)
