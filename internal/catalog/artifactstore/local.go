package artifactstore

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type localConfig struct {
	owned.Place
}

// Local is a directory on this machine, made and owned by the component.
var Local = flavor.Define(flavor.Meta{
	Name:      "local",
	ZenML:     "local",
	Summary:   "A directory on this machine.",
	Runs:      flavor.ThisMachine,
	Attribute: map[string]string{"path": "path"},
	View: func(v flavor.Values) flavor.Facts {
		path := flavor.Map(v["path"], func(path string) any { return owned.Absolute(path) })

		return flavor.Facts{URI: path, Configuration: map[string]any{"path": path}}
	},
}, owned.Attributes("the directory that keeps the artifacts"), owned.Driver[localConfig, *localConfig]{
	Flavor: "local",
	Object: disk.Object{Directory: true, Mode: 0o755},
})
