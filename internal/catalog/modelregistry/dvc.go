package modelregistry

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// DVC is a remote for models in a DVC repository on this machine.
var DVC = flavor.Define(flavor.Meta{
	Name:    "dvc",
	Summary: "A remote for models in a DVC repository on this machine.",
	Runs:    flavor.ThisMachine,
	View:    owned.ViewDVCRemote,
}, owned.DVCRemoteAttributes("models", "models", false), owned.DVCRemoteDriver{}).Checked(owned.CheckDVCRemote)
