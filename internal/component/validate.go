package component

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// ValidateConfig refuses a component without a flavor or with two, and a configuration that the flavor or ZenML
// would refuse. Terraform calls it in validate, and again in plan with references resolved.
func (r *Resource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	o, err := openObject(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	flavors, unknown := r.set(o)
	if len(flavors) == 0 && !unknown {
		resp.Diagnostics.Append(diagnose.NoFlavor(r.kind))
	}

	for _, f := range flavors[min(1, len(flavors)):] {
		resp.Diagnostics.Append(diagnose.TwoFlavors(path.Root(f.Name), r.kind, flavors[0].Name, f.Name))
	}

	if len(flavors) != 1 {
		return
	}

	f := flavors[0]

	v, err := values(o, f)
	if err != nil {
		resp.Diagnostics.Append(diagnose.Bug("%s", err))

		return
	}

	if f.Clustered && o["cluster"].IsNull() {
		resp.Diagnostics.Append(diagnose.NoCluster(r.kind, f))
	}

	var unasked error // a login that fails is for the plan to report

	subject := r.about(flavor.Silent(ctx), o, f, v, &unasked)
	refused := false

	for _, p := range f.Check(r.kind, subject) {
		at := within(f, p.Path)
		if p.Beside != "" {
			at = path.Root(p.Beside)
		}

		if p.Warning {
			resp.Diagnostics.AddAttributeWarning(at, p.Summary, p.Detail)

			continue
		}

		resp.Diagnostics.AddAttributeError(at, p.Summary, p.Detail)

		refused = true
	}

	if !refused { // ZenML's view of a configuration that the flavor itself refuses says nothing new
		r.validateZenML(o, f, subject, resp)
	}
}

// validateZenML judges the configuration as ZenML will see it, by the same code that judges an exported stack.
func (r *Resource) validateZenML(o object, f flavor.Flavor, subject flavor.Subject, resp *resource.ValidateConfigResponse) {
	v := subject.Values
	subject.Outputs = zenml.Unknown{} // apply tells them
	facts := f.Facts(r.kind, subject)

	connector, known := r.connector(o)

	for _, p := range facts.Judge(r.kind.Name, connector) {
		if p.Stage == zenml.StageConnector && !known {
			continue // what is not known of the connector may answer it
		}

		at, written := path.Root("connector"), "connector"

		if p.Stage != zenml.StageConnector {
			source := f.Source(v, p.Path)
			at, written = within(f, source), strings.Join(append([]string{f.Name}, f.Written(r.kind, source, p.Path)...), ".")
		}

		resp.Diagnostics.Append(diagnose.Configuration(at, r.kind, f, written, f.Reword(r.kind, p)))
	}
}

func (r *Resource) connector(o object) (connector *zenml.Connector, known bool) {
	value, ok := o["connector"]
	if !ok || value.IsNull() {
		return nil, true
	}

	plain, known, err := flavor.PlainMap(value)
	if err != nil || !known {
		return nil, false
	}

	return slot.Connector(plain)
}
