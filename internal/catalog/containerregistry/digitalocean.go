package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// DigitalOcean is a registry at DigitalOcean that exists already.
var DigitalOcean = flavor.External(flavor.Meta{
	Name:    "digitalocean",
	ZenML:   "digitalocean",
	Summary: "A registry at DigitalOcean that exists already, for clusters and droplets there.",
	Runs:    flavor.Elsewhere,
	URI:     "uri",
	Fields: map[string]string{
		"uri":                   "Address with the name of the registry: `registry.digitalocean.com/<registry>`.",
		"default_repository":    "Repository of the registry that images go into.",
		"authentication_secret": "Name of the ZenML secret with an API token as both `username` and `password`.",
	},
}, nil)
