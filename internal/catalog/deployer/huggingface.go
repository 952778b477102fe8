package deployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// HuggingFace deploys pipelines as Hugging Face Spaces.
var HuggingFace = flavor.External(flavor.Meta{
	Name:    "huggingface",
	ZenML:   "huggingface",
	Summary: "Deploys pipelines as web services in Hugging Face Spaces.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"token":             "Access token with the right to write; ZenML deploys nothing without one.",
		"organization":      "Organization that owns the Spaces, in place of the user the token belongs to.",
		"space_prefix":      "Beginning of the names of the Spaces.",
		"private":           "Whether only members see the Spaces.",
		"auth_key":          "Key that callers of every deployment must show.",
		"generate_auth_key": "Whether each deployment gets a random key that callers must show.",
		"lcm_timeout":       "Seconds to wait for a deployment to start or stop.",
	},
}, nil)
