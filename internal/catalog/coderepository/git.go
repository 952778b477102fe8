package coderepository

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// gitAddress matches what git clone takes from the network: a URL or user@host:path.
var gitAddress = regexp.MustCompile(`^((https?|ssh|git)://[^\s/]+/\S+|[^\s/@:]+@[^\s/@:]+:\S+)$`)

// Git is a Git repository on any server.
var Git = flavor.External(flavor.Meta{
	Name:    "git",
	Summary: "A Git repository on any server.",
	Runs:    flavor.Elsewhere,
	URI:     "url",
}, map[string]schema.Attribute{
	"url": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Address to clone from: `https://…`, `ssh://…`, `git://…` or `git@host:path`.",
		Validators: []validator.String{stringvalidator.RegexMatches(gitAddress,
			"must be an address that git can clone, such as https://git.example.com/ml/churn.git or git@git.example.com:ml/churn.git")},
	},
	"branch": schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString("main"),
		MarkdownDescription: "Branch that pipelines are run from. Defaults to `main`.",
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	},
})
