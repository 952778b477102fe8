package metadatastore

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// DVC is the remote of a DVC repository on this machine to which DVC sends what describes runs: the recorded states
// of pipelines, with the files that metrics and parameters come from.
var DVC = flavor.Define(flavor.Meta{
	Name:    "dvc",
	Summary: "The default remote of a DVC repository on this machine, to which DVC sends what describes runs.",
	Runs:    flavor.ThisMachine,
	View:    owned.ViewDVCRemote,
}, owned.DVCRemoteAttributes("what describes runs", "metadata", true), owned.DVCRemoteDriver{}).Checked(owned.CheckDVCRemote)
