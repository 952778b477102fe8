package stack

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Schema has a slot for each kind of the catalog, and a list of further ones where a stack may hold several.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := computed()
	attributes["name"] = schema.StringAttribute{
		Required:            true,
		MarkdownDescription: "Name of the stack, as ZenML and its users see it. Letters, digits, `_` and `-`; begins with a letter or digit.",
		Validators:          []validator.String{slot.Name()},
	}
	attributes["target"] = schema.StringAttribute{
		Optional: true,
		MarkdownDescription: "Holds the stack to what the mlstacks tool offers in one place. One of `" + strings.Join(compose.Targets(), "`, `") +
			"`. Null: components may run anywhere that composes.",
		Validators: []validator.String{stringvalidator.OneOf(compose.Targets()...)},
	}
	attributes["waive"] = schema.ListAttribute{
		Optional:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Ids of rules that are turned into warnings for this stack. The guide on composition and the data source `mlstacks_rules` " +
			"list them.",
		Validators: []validator.List{listvalidator.UniqueValues()},
	}

	for _, kind := range r.kinds {
		words := strings.ReplaceAll(kind.Name, "_", " ")
		need := "Optional."

		if kind.Required {
			need = "Every stack needs one."
		}

		attributes[kind.Name] = schema.SingleNestedAttribute{
			Optional:            true, // a missing one is refused with its reason by ValidateConfig
			Attributes:          slot.Attributes(),
			MarkdownDescription: "The stack's " + words + ": an `mlstacks_" + kind.Name + "`, whole. " + need,
		}

		if kind.Many {
			// A list of plain objects: inside nested ones the framework takes a component that is unknown while
			// Terraform validates for one with everything missing.
			attributes[additional(kind.Name)] = schema.ListAttribute{
				Optional:            true,
				ElementType:         slot.Type(kind.Clustered),
				MarkdownDescription: "Further ones beside `" + kind.Name + "`, each an `mlstacks_" + kind.Name + "`, whole.",
			}
		}
	}

	resp.Schema = schema.Schema{
		Version:    slot.SchemaVersion,
		Attributes: attributes,
		MarkdownDescription: "A stack: components that work together. It is judged as a whole at `terraform plan`, on the first plan already, and what " +
			"cannot work is refused with the reason; see the guide on composition. Importing its `zenml_yaml` makes it a ZenML stack.",
	}
}

// Slots are the attributes that take components of a kind.
func Slots(kind flavor.Kind) []string {
	if !kind.Many {
		return []string{kind.Name}
	}

	return []string{kind.Name, additional(kind.Name)}
}

// additional names the list of further components of a kind.
func additional(kind string) string {
	if strings.HasSuffix(kind, "x") {
		return "additional_" + kind + "es"
	}

	return "additional_" + kind + "s"
}

func computed() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the stack."},
		"zenml_yaml": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "The stack as `zenml stack export` of ZenML " + zenml.Version + " writes it; `zenml stack import` takes it. Secrets are " +
				"references to secrets that ZenML holds.",
		},
		"diagram": schema.StringAttribute{
			Computed:            true,
			MarkdownDescription: "The stack as a Mermaid flowchart: one node for each component, grouped by where it runs.",
		},
		"environment": schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Environment variables that a client of the stack needs, such as `MLFLOW_TRACKING_URI`. Never a secret.",
		},
		"required_secrets": schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "Secrets that must exist in ZenML: `name.key` for one value, `name` for a secret that a component takes whole.",
		},
		"findings": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "What was found beside the stack being fit to work: warnings, and rules that are waived.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"rule":     schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the rule."},
				"severity": schema.StringAttribute{Computed: true, MarkdownDescription: "`warning` or `error`."},
				"slot":     schema.StringAttribute{Computed: true, MarkdownDescription: "Slot of the component the rule is about."},
				"message":  schema.StringAttribute{Computed: true, MarkdownDescription: "What was found."},
				"because":  schema.StringAttribute{Computed: true, MarkdownDescription: "Why the rule holds."},
				"fix":      schema.StringAttribute{Computed: true, MarkdownDescription: "What would answer it."},
				"waived":   schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the stack waives the rule."},
			}},
		},
	}
}
