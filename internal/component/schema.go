package component

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Schema puts the attributes that every component has around one nested attribute for each flavor.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Name of the component, as ZenML and its users see it. Letters, digits, `_` and `-`; begins with a letter or digit.",
			Validators:          []validator.String{slot.Name()},
		},
		"labels": schema.MapAttribute{
			Optional:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Labels of this component; they win over the provider's `default_labels`.",
			Validators:          slot.Labels(),
		},
		"managed": schema.BoolAttribute{
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(true),
			MarkdownDescription: "Set to `false` for something that exists already: it is checked and recorded, never changed or deleted. Defaults to `true`.",
		},
		"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
			Create: true, Read: true, Update: true, Delete: true,
			CreateDescription: r.describeTimeout(), ReadDescription: r.describeTimeout(),
			UpdateDescription: r.describeTimeout(), DeleteDescription: r.describeTimeout(),
		}),
	}

	if r.kind.Hosts {
		maps.Copy(attributes, slot.HostAttributes())
	} else {
		maps.Copy(attributes, slot.ComputedAttributes())
	}

	if r.kind.Viewless {
		delete(attributes, view)
	}

	if r.kind.Clustered {
		attributes["cluster"] = slot.ClusterAttribute()
	}

	if r.kind.ZenML {
		attributes["connector"] = slot.ConnectorAttribute()
	}

	names := make([]string, 0, len(r.kind.Flavors))

	for _, f := range r.kind.Flavors {
		attributes[f.Name] = schema.SingleNestedAttribute{
			Optional:            true,
			Attributes:          f.Attributes(r.kind),
			MarkdownDescription: "Flavor: " + f.Summary,
		}

		names = append(names, f.Name)
	}

	resp.Schema = schema.Schema{
		Version:             slot.SchemaVersion,
		Attributes:          attributes,
		MarkdownDescription: describe(r.kind, names),
	}
}

// describeTimeout tells how long an operation may take.
func (r *Resource) describeTimeout() string {
	return fmt.Sprintf("How long the operation may take, as a duration such as `30s` or `2h45m`. Defaults to `%s`.",
		map[bool]string{false: "20m", true: "1h"}[r.kind.Slow])
}

func describe(kind flavor.Kind, names []string) string {
	text := kind.Purpose + fmt.Sprintf("\n\nExactly one flavor is set: `%s`.", strings.Join(names, "`, `"))

	if !kind.ZenML && !kind.Hosts {
		text += "\n\nZenML " + zenml.Version + " has no component of this type: it takes part in composition checks, in the diagram and in " +
			"the outputs, and stays out of `zenml_yaml`."
	}

	return text
}
