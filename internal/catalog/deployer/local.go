package deployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Local deploys pipelines as processes on this machine.
var Local = flavor.External(flavor.Meta{
	Name:    "local",
	ZenML:   "local",
	Summary: "Deploys pipelines as web services on this machine, one process for each.",
	Runs:    flavor.ThisMachine,
	Fields: map[string]string{
		"port":                  "Port that a deployment should listen on.",
		"allocate_port_if_busy": "Whether to take another port when that one is busy.",
		"address":               "Address that deployments listen on; `0.0.0.0` lets other machines in.",
		"blocking":              "Whether a deployment stays in the foreground.",
		"auto_reload":           "Whether a deployment restarts when its code changes.",
		"auth_key":              "Key that callers of every deployment must show.",
		"generate_auth_key":     "Whether each deployment gets a random key that callers must show.",
		"lcm_timeout":           "Seconds to wait for a deployment to start or stop.",
	},
}, nil)
