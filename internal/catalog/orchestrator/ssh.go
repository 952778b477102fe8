package orchestrator

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/described"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// SSH runs pipelines on a host that is reached by SSH.
var SSH = flavor.External(flavor.Meta{
	Name:    "ssh",
	ZenML:   "ssh",
	Summary: "Runs every step in a container on a host that is reached by SSH and has Docker.",
	Runs:    flavor.Elsewhere,
	Fields:  described.SSH(),
}, nil)
