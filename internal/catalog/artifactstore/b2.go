package artifactstore

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// B2 is a bucket in Backblaze B2 that exists already.
var B2 = flavor.External(flavor.Meta{
	Name:     "b2",
	ZenML:    "b2",
	Summary:  "A bucket in Backblaze B2 that exists already, reached through its S3 interface.",
	Provides: []string{"s3"},
	Runs:     flavor.Elsewhere,
	URI:      "path",
	Fields: map[string]string{
		"path":                  "Bucket and prefix: `s3://bucket/prefix`.",
		"authentication_secret": "Name of the ZenML secret with the credentials.",
		"key":                   "Application key id.",
		"secret":                "Application key.",
		"token":                 "Session token.",
	},
	// Without an endpoint ZenML takes this one.
	Environment: endpoint(func(flavor.Facts) any { return "https://s3.us-west-004.backblazeb2.com" }),
}, nil)
