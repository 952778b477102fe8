package sandbox

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Modal runs code in a container at Modal.
var Modal = flavor.External(flavor.Meta{
	Name:    "modal",
	ZenML:   "modal",
	Summary: "A container at Modal.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"token_id":     "Id of the API token; without it, the machine of the step must be logged in to Modal.",
		"token_secret": "Secret of the API token.",
		"app_name":     "Modal app that the containers belong to; it is made when there is none.",
		"image":        "Image of the container.",
		"timeout":      "Seconds after which Modal ends the container, at most 86400, whatever runs in it; until then it costs money.",
	},
}, nil)
