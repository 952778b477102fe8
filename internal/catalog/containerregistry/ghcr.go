package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// GHCR is the container registry of GitHub.
var GHCR = flavor.External(flavor.Meta{
	Name:     "ghcr",
	ZenML:    "github",
	Summary:  "The container registry of GitHub, beside the code that the images are built from.",
	Provides: []string{"ghcr"},
	Runs:     flavor.Elsewhere,
	URI:      "uri",
	Fields: map[string]string{
		"uri":                   "Address, `ghcr.io` or `ghcr.io/<owner>`.",
		"default_repository":    "User or organization that images are pushed to.",
		"authentication_secret": "Name of the ZenML secret with the `username` and a personal access token as `password`.",
	},
}, nil)
