package modeldeployer

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// MLflowLocal serves MLflow models from this machine.
var MLflowLocal = flavor.External(flavor.Meta{
	Name:    "mlflow_local",
	ZenML:   "mlflow",
	Summary: "Serves MLflow models from this machine, one process for each.",
	Runs:    flavor.ThisMachine,
	Fields:  map[string]string{}, // all of them through settings
}, nil)
