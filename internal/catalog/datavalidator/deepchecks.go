package datavalidator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Deepchecks runs Deepchecks in the steps of a pipeline.
var Deepchecks = flavor.External(flavor.Meta{
	Name:    "deepchecks",
	ZenML:   "deepchecks",
	Summary: "Test suites of Deepchecks over data and models, run in the step itself.",
	Runs:    flavor.ThisMachine,
}, nil)
