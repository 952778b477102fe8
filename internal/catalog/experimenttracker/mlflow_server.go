package experimenttracker

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// MLflowServer is an MLflow tracking server that runs elsewhere, or the one of a Databricks workspace.
var MLflowServer = flavor.External(flavor.Meta{
	Name:      "mlflow_server",
	ZenML:     "mlflow",
	Summary:   "An MLflow tracking server that runs already, or the one of a Databricks workspace.",
	Runs:      flavor.Elsewhere,
	URI:       "tracking_uri",
	Attribute: map[string]string{"tracking_uri": "tracking_uri"},
	Fields: map[string]string{
		"experiment_name":          "MLflow experiment that runs are logged to; without it, one with the name of the pipeline.",
		"nested":                   "Whether every step becomes a run within the run of its pipeline.",
		"tracking_username":        "User that logs in to the server, together with `tracking_password`.",
		"tracking_password":        "Password of `tracking_username`.",
		"tracking_token":           "Token that logs in to the server, in place of user and password.",
		"tracking_insecure_tls":    "Whether a certificate that cannot be verified is accepted.",
		"databricks_host":          "Address of the Databricks workspace, for `tracking_uri = \"databricks\"`.",
		"databricks_client_id":     "Client id of the Databricks service principal, together with `databricks_client_secret`.",
		"databricks_client_secret": "Client secret of the Databricks service principal.",
		"enable_unity_catalog":     "Whether models are logged to Unity Catalog, for `tracking_uri = \"databricks\"`.",
	},
	Environment: func(facts flavor.Facts) map[string]any {
		variables := exported(map[string]string{"MLFLOW_TRACKING_URI": "tracking_uri", "DATABRICKS_HOST": "databricks_host"})(facts)
		if insecure := facts.Configuration["tracking_insecure_tls"]; insecure != false && insecure != nil {
			variables["MLFLOW_TRACKING_INSECURE_TLS"] = insecure
		}

		return variables
	},
}, map[string]schema.Attribute{
	"tracking_uri": schema.StringAttribute{
		Required: true,
		MarkdownDescription: "Address of the server, such as `https://mlflow.example.com`; `databricks` for a Databricks workspace. A server behind " +
			"http or https needs exactly one login.",
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	},
})
