package stepoperator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// SSH runs steps on a host that is reached by SSH.
var SSH = flavor.External(flavor.Meta{
	Name:    "ssh",
	ZenML:   "ssh",
	Summary: "Runs steps in containers on a host that is reached by SSH and has Docker.",
	Runs:    flavor.Elsewhere,
	Fields: map[string]string{
		"hostname":             "Name or address of the host; the machine that starts a pipeline must reach it.",
		"username":             "User to log in as; it must be allowed to use Docker.",
		"port":                 "Port of the SSH server.",
		"ssh_key_path":         "Path of the private key on the machine that starts a pipeline.",
		"ssh_private_key":      "Private key itself, in place of `ssh_key_path`.",
		"ssh_key_passphrase":   "Passphrase of the private key, if it has one.",
		"verify_host_key":      "Whether the host key must be a known one.",
		"remote_workdir":       "Directory on the host for the files of a run.",
		"authenticate_docker":  "Whether the host logs in to the stack's container registry before it pulls.",
		"connection_timeout":   "Seconds to wait for a connection.",
		"minimum_free_disk_gb": "Free disk space in GB below which nothing is started; 0 starts always.",
	},
}, nil)
