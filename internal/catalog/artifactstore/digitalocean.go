package artifactstore

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// DigitalOcean is a space in DigitalOcean Spaces that exists already.
var DigitalOcean = flavor.External(flavor.Meta{
	Name:     "digitalocean",
	ZenML:    "digitalocean",
	Summary:  "A space in DigitalOcean Spaces that exists already.",
	Provides: []string{"s3"},
	Runs:     flavor.Elsewhere,
	URI:      "path",
	Fields: map[string]string{
		"path":                  "Space and prefix: `s3://space/prefix`.",
		"region":                "Region of the space, such as `fra1`; it gives the endpoint.",
		"authentication_secret": "Name of the ZenML secret with the credentials.",
		"key":                   "Access key of the space.",
		"secret":                "Secret key of the space.",
		"token":                 "Session token.",
	},
	Environment: endpoint(spacesOf),
}, nil)

// spacesOf is where the spaces of a region are.
func spacesOf(facts flavor.Facts) any {
	return flavor.Map(facts.Configuration["region"], func(region string) any {
		if region == "" || zenml.IsSecretReference(region) {
			return nil
		}

		return "https://" + region + ".digitaloceanspaces.com"
	})
}
