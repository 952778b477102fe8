package containerregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// DockerHub is an account or organization on Docker Hub.
var DockerHub = flavor.External(flavor.Meta{
	Name:     "dockerhub",
	ZenML:    "dockerhub",
	Summary:  "An account or organization on Docker Hub, where public images come from and private ones can live.",
	Provides: []string{"dockerhub"},
	Runs:     flavor.Elsewhere,
	URI:      "uri",
	Fields: map[string]string{
		"uri":                   "Address of Docker Hub, `docker.io`.",
		"default_repository":    "Account or organization that images are pushed to; without one only official images could be.",
		"authentication_secret": "Name of the ZenML secret with the `username` and an access token as `password`.",
	},
}, nil)
