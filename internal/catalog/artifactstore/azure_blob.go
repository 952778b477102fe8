package artifactstore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// AzureBlob is a container in Azure Blob Storage that exists already.
var AzureBlob = flavor.External(flavor.Meta{
	Name:     "azure_blob",
	ZenML:    "azure",
	Summary:  "A container in Azure Blob Storage that exists already.",
	Provides: []string{"azure_blob"},
	Runs:     flavor.Elsewhere,
	URI:      "path",
	Fields: map[string]string{
		"path":                  "Container and prefix: `az://container/prefix` or `abfs://…`.",
		"authentication_secret": "Name of the ZenML secret with the storage account's credentials.",
	},
}, nil)
