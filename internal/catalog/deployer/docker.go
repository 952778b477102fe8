package deployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Docker deploys pipelines as containers on this machine.
var Docker = flavor.External(flavor.Meta{
	Name:    "docker",
	ZenML:   "docker",
	Summary: "Deploys pipelines as web services on this machine, one container for each.",
	Runs:    flavor.ThisMachine,
	Fields: map[string]string{
		"port":                  "Port that a deployment should listen on.",
		"allocate_port_if_busy": "Whether to take another port when that one is busy.",
		"auth_key":              "Key that callers of every deployment must show.",
		"generate_auth_key":     "Whether each deployment gets a random key that callers must show.",
		"lcm_timeout":           "Seconds to wait for a deployment to start or stop.",
	},
}, nil)
