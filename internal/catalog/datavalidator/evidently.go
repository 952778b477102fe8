package datavalidator

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Evidently runs Evidently in the steps of a pipeline.
var Evidently = flavor.External(flavor.Meta{
	Name:    "evidently",
	ZenML:   "evidently",
	Summary: "Reports and tests of Evidently on data quality and drift, run in the step itself.",
	Runs:    flavor.ThisMachine,
}, nil)
