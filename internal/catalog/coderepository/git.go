package coderepository

import (
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var (
	// gitAddress matches what git clone takes from the network: a URL or user@host:path.
	gitAddress = regexp.MustCompile(`^((https?|ssh|git)://[^\s/]+/\S+|[^\s/@:]+@[^\s/@:]+:\S+)$`)
	// login matches a URL with user and password.
	login = regexp.MustCompile(`^[a-z]+://[^/@]*:[^/]*@`)
)

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
}).Checked(withoutPassword)

// withoutPassword refuses a password in the address, which the state would keep. It does not repeat the address.
func withoutPassword(v flavor.Values) []flavor.Problem {
	url, _ := v["url"].(string)
	if !login.MatchString(url) {
		return nil
	}

	return []flavor.Problem{{
		Path:    []string{"url"},
		Summary: "Password in the address of a repository",
		Detail:  "url holds a password, and the state would keep it.\n\nRemove it from url, and let a credential helper of git hold it.",
	}}
}
