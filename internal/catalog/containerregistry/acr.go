package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// ACR is an Azure Container Registry that exists already.
var ACR = flavor.External(flavor.Meta{
	Name:     "acr",
	ZenML:    "azure",
	Summary:  "An Azure Container Registry that exists already, close to what runs in Azure.",
	Provides: []string{"acr"},
	Runs:     flavor.Elsewhere,
	URI:      "uri",
	Fields: map[string]string{
		"uri":                   "Login server, such as `acme.azurecr.io`.",
		"default_repository":    "Repository of the registry that images go into.",
		"authentication_secret": "Name of the ZenML secret with the `username` and `password` of a service principal or token.",
	},
}, nil)
