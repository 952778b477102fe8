package stepoperator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Databricks runs steps in a Databricks workspace that exists already.
var Databricks = flavor.External(flavor.Meta{
	Name:    "databricks",
	ZenML:   "databricks",
	Summary: "Runs steps as jobs of a Databricks workspace that exists already.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"host":                  "Address of the workspace: `https://<workspace>.cloud.databricks.com`.",
		"client_id":             "Client id of a service principal; it comes with `client_secret`.",
		"client_secret":         "OAuth secret of the service principal.",
		"spark_version":         "Databricks runtime of the job clusters, such as `16.4.x-scala2.12`.",
		"node_type_id":          "Instance type of the nodes, such as `i3.xlarge`.",
		"num_workers":           "Fixed number of workers; it takes the place of `autoscale`.",
		"docker_image_url":      "Image that the clusters start from, in place of the plain runtime.",
		"docker_image_username": "User name at the registry of that image; it comes with the password.",
		"docker_image_password": "Password at the registry of that image.",
	},
}, nil)
