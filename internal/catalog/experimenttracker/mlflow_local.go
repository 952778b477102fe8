package experimenttracker

import (
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/disk"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/owned"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type mlflowLocalConfig struct {
	owned.Place

	ExperimentName *string       `tfsdk:"experiment_name"`
	Nested         bool          `tfsdk:"nested"`
	Settings       types.Dynamic `tfsdk:"settings"`
}

const (
	mlflowScheme    = "sqlite:///"
	mlflowDatabase  = "mlflow.db"
	mlflowArtifacts = "artifacts"
)

var mlflowLocalFields = map[string]string{
	"experiment_name": "Name of the MLflow experiment that runs go to; ZenML uses the pipeline's name when it is not set.",
	"nested":          "Whether each step logs to a run nested in that of its pipeline.",
}

// MLflowLocal is MLflow without a server: a directory on this machine with a database for runs and a place for their
// artifacts, made and owned by the component.
var MLflowLocal = flavor.Define(flavor.Meta{
	Name:        "mlflow_local",
	ZenML:       "mlflow",
	Summary:     "MLflow without a server, in a directory on this machine.",
	Runs:        flavor.ThisMachine,
	Fields:      mlflowLocalFields,
	Attribute:   map[string]string{"tracking_uri": "path"},
	View:        viewMLflowLocal,
	Environment: environmentOfMLflowLocal,
}, owned.Attributes("the directory that keeps runs and their artifacts"), owned.Driver[mlflowLocalConfig, *mlflowLocalConfig]{
	Flavor: "mlflow_local",
	Object: disk.Object{
		Directory: true,
		Mode:      0o755,
		Furniture: []disk.Item{{Path: mlflowArtifacts, Directory: true}},
	},
}).Checked(owned.RefuseInURL)

func viewMLflowLocal(v flavor.Values) flavor.Facts {
	uri := flavor.Map(v["path"], func(path string) any {
		return mlflowScheme + filepath.ToSlash(filepath.Join(owned.Absolute(path), mlflowDatabase))
	})

	return flavor.Facts{
		URI:           uri,
		Configuration: owned.ZenML(v, mlflowLocalFields, map[string]any{"tracking_uri": uri}),
	}
}

// environmentOfMLflowLocal also names the place for artifacts. MLflow takes it from the tracking URI only when a
// server stands behind it or when runs are kept as files, which MLflow 3 refuses. Beside a database and without that
// variable, clients write the artifacts of a run below whatever directory they happen to be started in.
func environmentOfMLflowLocal(facts flavor.Facts) map[string]any {
	return map[string]any{
		"MLFLOW_TRACKING_URI": facts.URI,
		"_MLFLOW_SERVER_ARTIFACT_ROOT": flavor.Map(facts.URI, func(uri string) any {
			return strings.TrimSuffix(strings.TrimPrefix(uri, mlflowScheme), mlflowDatabase) + mlflowArtifacts
		}),
	}
}
