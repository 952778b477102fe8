package stepoperator

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/described"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Databricks runs steps in a Databricks workspace that exists already.
var Databricks = flavor.External(flavor.Meta{
	Name:    "databricks",
	ZenML:   "databricks",
	Summary: "Runs steps as jobs of a Databricks workspace that exists already.",
	Runs:    flavor.Elsewhere,
	Fields:  described.Databricks(),
}, nil)
