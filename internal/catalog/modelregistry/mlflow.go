package modelregistry

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const trackerKind = "experiment_tracker"

// MLflow is the registry in the MLflow server that the stack tracks its experiments with.
var MLflow = flavor.External(flavor.Meta{
	Name:    "mlflow",
	ZenML:   "mlflow",
	Summary: "The registry in the stack's MLflow tracking server; the stack needs an MLflow experiment tracker.",
	Runs:    flavor.WithTracker,
	View: func(v flavor.Values) flavor.Facts {
		facts := flavor.Facts{Configuration: map[string]any{}}

		switch tracker := v[trackerKind].(type) {
		case map[string]any:
			facts.URI = tracker["uri"]
		case zenml.Unknown:
			facts.URI = tracker
		}

		return facts
	},
}, map[string]schema.Attribute{
	trackerKind: schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Tracker whose server has the registry: an `mlstacks_experiment_tracker` of one of MLflow's flavors, whole. A stack takes it with that " +
			"tracker only. Null: the tracker of the stack, whichever that is; the registry has no `uri` then.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the tracker."},
			"type": schema.StringAttribute{
				Required: true, MarkdownDescription: "Type of the component; must be `" + trackerKind + "`.",
				Validators: []validator.String{stringvalidator.OneOf(trackerKind)},
			},
			"flavor": schema.StringAttribute{Required: true, MarkdownDescription: "Flavor of the tracker; one of MLflow's."},
			"uri":    schema.StringAttribute{Optional: true, MarkdownDescription: "Address of the tracker."},
		},
	},
}).Checked(checkTracker)

// checkTracker refuses trackers that are not MLflow, and so have no registry.
func checkTracker(v flavor.Values) []flavor.Problem {
	tracker, ok := v[trackerKind].(map[string]any)
	if !ok {
		return nil
	}

	of, known := tracker["flavor"].(string)
	if !known || of == "mlflow" || strings.HasPrefix(of, "mlflow_") {
		return nil
	}

	name, _ := tracker["name"].(string)

	return []flavor.Problem{{
		Path: []string{trackerKind}, Summary: "Tracker without a registry",
		Detail: fmt.Sprintf("%s: %q is of the flavor %s, and the registry is a part of MLflow's server.\n\nGive a tracker of the flavor mlflow, mlflow_server or "+
			"mlflow_local.", trackerKind, name, of),
	}}
}
