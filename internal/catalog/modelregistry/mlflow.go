package modelregistry

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// MLflow is the registry in the MLflow server that the stack tracks its experiments with.
var MLflow = flavor.External(flavor.Meta{
	Name:    "mlflow",
	ZenML:   "mlflow",
	Summary: "The registry in the stack's MLflow tracking server; the stack needs an MLflow experiment tracker.",
	Runs:    flavor.WithTracker,
}, nil)
