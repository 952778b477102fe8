package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Generic is any registry that speaks the Docker registry protocol.
var Generic = flavor.External(flavor.Meta{
	Name:    "generic",
	ZenML:   "default",
	Summary: "Any registry that speaks the Docker registry protocol and exists already: Harbor, GitLab, Quay or one of your own.",
	Runs:    flavor.Elsewhere,
	URI:     "uri",
	Fields: map[string]string{
		"uri":                   "Address without scheme, such as `registry.example.com` or `localhost:5000`; images are pushed below it.",
		"default_repository":    "Repository below the address that images go into.",
		"authentication_secret": "Name of the ZenML secret with `username` and `password`.",
	},
}, nil)
