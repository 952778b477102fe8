package experimenttracker

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type sacredConfig struct {
	owned.Place
}

// Sacred is a directory on this machine for the file observer of Sacred, made and owned by the component.
var Sacred = flavor.Define(flavor.Meta{
	Name:        "sacred",
	Summary:     "A directory on this machine to which Sacred's `FileStorageObserver` writes runs; `uri` is the directory.",
	Runs:        flavor.ThisMachine,
	View:        viewSacred,
	Environment: environmentOfSacred,
}, owned.Attributes("the directory that keeps the runs"), owned.Driver[sacredConfig, *sacredConfig]{
	Flavor: "sacred",
	Object: disk.Object{Directory: true, Mode: 0o755},
})

func viewSacred(v flavor.Values) flavor.Facts {
	return flavor.Facts{URI: flavor.Map(v["path"], func(path string) any { return owned.Absolute(path) })}
}

// environmentOfSacred is a convention of ours: Sacred itself reads no variable. A script hands it on, as in
// FileStorageObserver(os.environ["SACRED_FILE_STORAGE_DIR"]) or --file_storage="$SACRED_FILE_STORAGE_DIR".
func environmentOfSacred(facts flavor.Facts) map[string]any {
	return map[string]any{"SACRED_FILE_STORAGE_DIR": facts.URI}
}
