// Package slot is the face a component shows to a stack: the attributes both agree on, written by the component's
// resource and narrowed to by the stack's slots.
package slot

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]*$`)

// Name validates the name of a stack or component.
func Name() validator.String {
	return stringvalidator.RegexMatches(namePattern,
		"must begin with a letter or a digit and have only letters, digits, underscores and hyphens")
}

// Labels validates labels: what every cloud takes as the key of one.
func Labels() []validator.Map {
	return []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthBetween(1, 63))}
}

// ValidName says whether a text may name a stack or component.
func ValidName(name string) bool { return namePattern.MatchString(name) }

// ComputedAttributes are the attributes every component answers with.
func ComputedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":      identifier(),
		"outputs": outputs(),
		"drift":   drift(),
		"type": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Type of the component. A stack compares it with the slot.",
		},
		"flavor": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Flavor that is set; `custom/<name>` for one of your own.",
		},
		"provides": schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "What a custom flavor provides to other components. Null for built-in flavors: see the data source `mlstacks_flavors`.",
		},
		"uri": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "Address of the component, where it has one.",
		},
		"labels_all": labelsAll(),
		"zenml": schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What ZenML calls this component; fits a `zenml_stack_component` of the zenml-io/zenml provider as it is.",
			Attributes: map[string]schema.Attribute{
				"flavor": schema.StringAttribute{Computed: true, MarkdownDescription: "ZenML's name of the flavor."},
				"configuration": schema.MapAttribute{
					Computed:            true,
					ElementType:         types.StringType,
					MarkdownDescription: "ZenML's configuration of the component; JSON where a value is nested, `{{name.key}}` where it is secret.",
				},
			},
		},
	}
}

// ConnectorAttribute lets a component use a service connector that ZenML holds.
func ConnectorAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "ZenML service connector that the component authenticates with. It is checked against what the flavor accepts.",
		Attributes:          connectorAttributes(),
	}
}

func connectorAttributes() map[string]schema.Attribute {
	kinds := slices.Sorted(maps.Keys(zenml.ConnectorTypes()))

	return map[string]schema.Attribute{
		"type": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Type of the connector. One of `" + strings.Join(kinds, "`, `") + "`.",
			Validators:          []validator.String{stringvalidator.OneOf(kinds...)},
		},
		"name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Name of the connector in ZenML.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"resource_types": schema.ListAttribute{
			Optional:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Resource types the connector is limited to, for example `s3-bucket`. Null: all that its type offers.",
		},
	}
}

// Attributes are those a stack's slot narrows a component to. Required ones make Terraform refuse what is not a
// component.
func Attributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name":     schema.StringAttribute{Required: true, MarkdownDescription: "Name of the component."},
		"type":     schema.StringAttribute{Required: true, MarkdownDescription: "Type of the component; must be that of the slot."},
		"flavor":   schema.StringAttribute{Required: true, MarkdownDescription: "Flavor of the component."},
		"uri":      schema.StringAttribute{Optional: true, MarkdownDescription: "Address of the component."},
		"provides": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "What a custom flavor provides."},
		"zenml": schema.SingleNestedAttribute{
			Optional:            true,
			MarkdownDescription: "What ZenML calls the component.",
			// Not required, since what has no view may have a flavor of that name. A view without them is refused by the stack.
			Attributes: map[string]schema.Attribute{
				"flavor":        schema.StringAttribute{Optional: true, MarkdownDescription: "ZenML's name of the flavor."},
				"configuration": schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "ZenML's configuration."},
			},
		},
		"connector": ConnectorAttribute(),
		"cluster": schema.SingleNestedAttribute{
			Optional: true, MarkdownDescription: "Cluster that the component lives in.", Attributes: clusterAttributes(),
		},
	}
}

// Type is the type of an object with Attributes, for a list, where every attribute has to be there: a component that can
// live in no cluster has none to show.
func Type(clustered bool) attr.Type {
	attributes := Attributes()
	if !clustered {
		delete(attributes, "cluster")
	}

	return schema.SingleNestedAttribute{Attributes: attributes}.GetType()
}

// Connector reads the attribute `connector` from plain values. known is false while a part that checks ask for is
// not known.
func Connector(plain map[string]any) (connector *zenml.Connector, known bool) {
	kind, ok := plain["type"].(string)
	if !ok {
		return nil, false
	}

	connector = &zenml.Connector{Type: kind}

	switch limits := plain["resource_types"].(type) {
	case nil:
	case []any:
		for _, limit := range limits {
			text, ok := limit.(string)
			if !ok {
				return nil, false
			}

			connector.ResourceTypes = append(connector.ResourceTypes, text)
		}
	default:
		return nil, false
	}

	return connector, true
}
