package mlopsplatform

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// MLflow is the MLflow server of the stack's experiment tracker, as the place where a team looks.
var MLflow = flavor.External(flavor.Meta{
	Name:    "mlflow",
	Summary: "The MLflow server that the stack's experiment tracker logs to.",
	Runs:    flavor.WithTracker,
	URI:     "tracking_uri",
}, map[string]schema.Attribute{
	"tracking_uri": schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Address of the server, as its experiment tracker has it: `mlstacks_experiment_tracker.<label>.uri`.",
		Validators:          []validator.String{flavor.WebAddress("https://mlflow.example.com")},
	},
})
