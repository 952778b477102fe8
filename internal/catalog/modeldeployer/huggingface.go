package modeldeployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// HuggingFace serves models from Hugging Face Inference Endpoints.
var HuggingFace = flavor.External(flavor.Meta{
	Name:    "huggingface",
	ZenML:   "huggingface",
	Summary: "Serves models from Hugging Face Inference Endpoints.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"namespace":     "User or organization that owns the endpoints.",
		"token":         "Access token with the right to write; this or `secret_name` is needed.",
		"secret_name":   "Name of the ZenML secret with the `token`, in place of one given here.",
		"endpoint_type": "Who reaches the endpoints: `public`, `protected` or `private`.",
		"min_replica":   "Least number of replicas; 0 lets an endpoint sleep.",
		"max_replica":   "Greatest number of replicas.",
	},
}, nil)
