package coderepository

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

const gitHubHost = "github.com"

var gitHubName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// GitHub is a repository on GitHub or a GitHub Enterprise server.
var GitHub = flavor.External(flavor.Meta{
	Name:    "github",
	Summary: "A repository on GitHub or a GitHub Enterprise server.",
	Runs:    flavor.Elsewhere,
	View:    pageOf(gitHubHost, "owner", "repository"),
}, map[string]schema.Attribute{
	"owner":      name("User or organization that the repository belongs to.", gitHubName, "must be the name of a user or an organization"),
	"repository": name("Name of the repository, without its owner.", gitHubName, "must be the name of a repository without its owner"),
	"host":       host("GitHub", gitHubHost),
})
