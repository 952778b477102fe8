package component

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// save writes the state of a component: what was planned or observed, its id and outputs, and the facts.
func (r *Resource) save(ctx context.Context, state *tfsdk.State, raw tftypes.Value, s subject, result flavor.Result) diag.Diagnostics {
	o, err := openObject(raw)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("%s", err)}
	}

	v, err := values(o, s.flavor)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("%s", err)}
	}

	named := o["flavor"]

	outputs := make(map[string]any, len(result.Outputs))
	for name, value := range result.Outputs {
		outputs[name] = value
	}

	o["outputs"], err = completed(o["outputs"], outputs)
	if err != nil {
		return diag.Diagnostics{diagnose.Bug("%s", err)}
	}

	o["id"] = tftypes.NewValue(tftypes.String, result.ID)
	o["drift"] = terraformTexts(result.Drift)
	r.saveHost(o, s, result)

	var fault error // an operation that succeeded has the login's facts, and what they say is in the outputs

	facts := s.flavor.Facts(r.kind, r.about(ctx, o, s.flavor, v, &fault))
	if fault != nil {
		return diag.Diagnostics{diagnose.Failure(diagnose.Read, r.kind, s.flavor, s.name(), fault)}
	}

	r.answer(o, facts)

	if o[s.flavor.Name].IsNull() { // a record just imported: the identifier said all that is known
		o["flavor"] = named
	}

	state.Raw = tftypes.NewValue(raw.Type(), map[string]tftypes.Value(o))

	return nil
}

// saveHost writes what is known of the cluster: of the one that was made, or of the one that the component lives in.
func (r *Resource) saveHost(o object, s subject, result flavor.Result) {
	if r.kind.Hosts {
		for name, value := range map[string]string{"incarnation": result.Incarnation, "kubernetes_version": result.Version} {
			switch {
			case result.Afresh:
				o[name] = tftypes.NewValue(tftypes.String, nil)
			case value != "":
				o[name] = tftypes.NewValue(tftypes.String, value)
			case !o[name].IsKnown():
				o[name] = tftypes.NewValue(tftypes.String, nil)
			}
		}
	}

	if s.flavor.Clustered && s.input.Cluster != nil && s.input.Cluster.Incarnation == "" && result.Cluster != "" {
		s.input.Cluster.Incarnation = result.Cluster
		o["cluster"] = terraformCluster(o["cluster"].Type(), *s.input.Cluster)
	}
}
