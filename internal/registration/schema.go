package registration

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const patience = "20m"

// Schema describes a registration.
func (r *Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := computed()
	attributes["stack"] = schema.ObjectAttribute{
		Required:            true,
		AttributeTypes:      stack.Type(r.kinds).AttrTypes,
		MarkdownDescription: "The stack: an `mlstacks_stack`, whole. Components of types that ZenML lacks stay out.",
	}
	attributes["platform"] = platformAttribute()
	attributes["connectors"] = connectorsAttribute()
	attributes["flavors"] = schema.ListAttribute{
		Optional:    true,
		ElementType: flavorType,
		MarkdownDescription: "Custom flavors of the stack's components that the server may not know yet, each an `mlstacks_flavor`, whole. Those that the server " +
			"knows already are used as they are there.",
	}
	attributes["flavor_sources"] = schema.MapAttribute{
		Optional:    true,
		ElementType: types.StringType,
		MarkdownDescription: "Where ZenML's clients load each of `flavors` from: the flavor's name to the dotted path of its Python class, such as " +
			"`lakefs = \"acme.flavors.LakeFSFlavor\"`. Required for a flavor that the server does not know.",
		Validators: []validator.Map{mapvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
	}
	attributes["secrets_wo"] = schema.MapAttribute{
		Optional: true, Sensitive: true, WriteOnly: true,
		ElementType: types.MapType{ElemType: types.StringType},
		MarkdownDescription: "Secrets that the server is to hold: name to keys to values. Write-only: they are neither in the plan nor in the state. " +
			"Components refer to them as `{{name.key}}`; see `required_secrets` of the stack.",
		Validators: []validator.Map{mapvalidator.AlsoRequires(path.MatchRoot("secrets_wo_version"))},
	}
	attributes["secrets_wo_version"] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Version of `secrets_wo`. Raise it to hand over changed values.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(path.MatchRoot("secrets_wo"))},
	}
	attributes["labels"] = schema.MapAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "Labels of the stack and of its components in ZenML. Those that others have put there stay.",
		Validators:          slot.Labels(),
	}
	attributes["timeouts"] = timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: describeTimeout, ReadDescription: describeTimeout, UpdateDescription: describeTimeout, DeleteDescription: describeTimeout,
	})

	resp.Schema = schema.Schema{
		Version:    slot.SchemaVersion,
		Attributes: attributes,
		MarkdownDescription: "A stack, registered at a ZenML server with its components, so that pipelines run on it by name. What changes is changed in place and " +
			"keeps its id; what others attached is left alone. ZenML " + zenml.Version + " or another 0.98.",
	}
}

const describeTimeout = "How long the operation may take, as a duration such as `30s` or `2h45m`. Defaults to `" + patience + "`."

// flavorType is what of an mlstacks_flavor is needed.
var flavorType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"component_type": types.StringType, "name": types.StringType, "config_schema": types.StringType,
}}

func computed() map[string]schema.Attribute {
	ids := func(about string) schema.MapAttribute {
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: about}
	}

	return map[string]schema.Attribute{
		"id":            schema.StringAttribute{Computed: true, MarkdownDescription: "ZenML's id of the stack."},
		"name":          schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the stack."},
		"url":           schema.StringAttribute{Computed: true, MarkdownDescription: "Address of the server's stacks in the dashboard."},
		"component_ids": ids("ZenML's ids of the components, by `<type>/<name>`."),
		"connector_ids": ids("ZenML's ids of the service connectors that were registered, by name."),
		"flavor_ids":    ids("ZenML's ids of the flavors that were registered, by `<type>/<name>`."),
		"secret_ids":    ids("ZenML's ids of the secrets that were made, by name."),
		"drift": schema.ListAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "What was found to differ from what apply makes, a line each; the next apply repairs it. Null: nothing differs.",
		},
	}
}

func platformAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Required: true,
		MarkdownDescription: "The server: an `mlstacks_mlops_platform` of the flavor `zenml_server` or `zenml`, whole. Where another address leads to another server, everything is " +
			"removed from the former one and registered anew; where it leads to the same one, ids stay.",
		Attributes: map[string]schema.Attribute{
			"name":    schema.StringAttribute{Required: true, MarkdownDescription: "Name of the platform."},
			"type":    schema.StringAttribute{Required: true, MarkdownDescription: "Type of the component: `mlops_platform`."},
			"flavor":  schema.StringAttribute{Required: true, MarkdownDescription: "Flavor of the platform."},
			"uri":     schema.StringAttribute{Optional: true, MarkdownDescription: "Address of the server."},
			"cluster": slot.ClusterAttribute(),
			"outputs": schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Outputs of the platform."},
		},
	}
}

func connectorsAttribute() schema.Attribute {
	kinds := slices.Sorted(maps.Keys(zenml.ConnectorTypes()))

	return schema.MapNestedAttribute{
		Optional: true,
		MarkdownDescription: "Service connectors that the stack's components name, by their names. One that the server has already and that others registered is " +
			"used as it is there.",
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Type of the connector. One of `" + strings.Join(kinds, "`, `") + "`.",
				Validators:          []validator.String{stringvalidator.OneOf(kinds...)},
			},
			"auth_method": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "How it logs in, in ZenML's words, such as `secret-key`, `iam-role`, `service-account` or `token`.",
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"resource_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The one type of resource that it is for, such as `s3-bucket`. Null: all that its type offers.",
			},
			"resource_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The one resource that it is for, such as `s3://acme-ml`. Null: all that its credentials lead to.",
			},
			"configuration": schema.MapAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				Default:             mapdefault.StaticValue(types.MapValueMust(types.StringType, map[string]attr.Value{})),
				MarkdownDescription: "Its configuration but for secrets, in ZenML's words, such as `region`. Defaults to `{}`.",
			},
			"secrets_wo": schema.MapAttribute{
				Optional: true, Sensitive: true, WriteOnly: true, ElementType: types.StringType,
				MarkdownDescription: "The secret part of its configuration, such as `aws_secret_access_key`. Write-only: it is neither in the plan nor in the state.",
				Validators:          []validator.Map{mapvalidator.AlsoRequires(path.MatchRelative().AtParent().AtName("secrets_wo_version"))},
			},
			"secrets_wo_version": schema.Int64Attribute{
				Optional:            true,
				MarkdownDescription: "Version of `secrets_wo`. Raise it to hand over changed values.",
				Validators:          []validator.Int64{int64validator.AlsoRequires(path.MatchRelative().AtParent().AtName("secrets_wo"))},
			},
		}},
	}
}
