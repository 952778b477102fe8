package cluster

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/charts"
)

const maxPort = 65535

func k3dAttributes() map[string]schema.Attribute {
	texts := types.ListType{ElemType: types.StringType}

	return map[string]schema.Attribute{
		"servers": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(1),
			MarkdownDescription: "Number of server nodes, which run the control plane and pods. Changing it replaces the cluster. Defaults to `1`.",
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
		},
		"agents": schema.Int64Attribute{
			Optional: true, Computed: true, Default: int64default.StaticInt64(0),
			MarkdownDescription: "Number of agent nodes, which only run pods. Changed in place. Defaults to `0`.",
			Validators:          []validator.Int64{int64validator.AtLeast(0)},
		},
		"image": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(charts.K3sImage),
			MarkdownDescription: fmt.Sprintf("Image of the nodes, which decides about the version of Kubernetes. Changing it replaces the cluster. Defaults to `%s`.",
				charts.K3sImage),
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"api_port": portAttribute("Port of the Kubernetes API on this machine. `0` picks a free one and keeps it. Changing it replaces the cluster. Defaults to `0`."),
		"ports": schema.ListNestedAttribute{
			Optional: true, Computed: true,
			Default: listdefault.StaticValue(types.ListValueMust(types.ObjectType{AttrTypes: map[string]attr.Type{
				"host": types.Int64Type, "node": types.Int64Type, "protocol": types.StringType,
			}}, nil)),
			MarkdownDescription: "Ports of this machine that lead to ports of the nodes, such as node ports of services. Changed in place. Defaults to none.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"host": portAttribute("Port on this machine. `0` picks a free one and keeps it. Defaults to `0`."),
				"node": schema.Int64Attribute{
					Required: true, MarkdownDescription: "Port on the nodes.", Validators: []validator.Int64{int64validator.Between(1, maxPort)},
				},
				"protocol": schema.StringAttribute{
					Optional: true, Computed: true, Default: stringdefault.StaticString("tcp"),
					MarkdownDescription: "One of `tcp`, `udp`. Defaults to `tcp`.", Validators: []validator.String{stringvalidator.OneOf("tcp", "udp")},
				},
			}},
		},
		"registry": schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "An image registry beside the cluster, made and deleted with it. Its address `localhost:<port>` is good on this machine and in " +
				"the images of pods. Adding, moving or removing it replaces the cluster. Null: none.",
			Attributes: map[string]schema.Attribute{
				"host_port": portAttribute("Port of the registry on this machine. `0` picks a free one and keeps it. Defaults to `0`."),
			},
		},
		"k3s_args": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Arguments for k3s on the servers, such as `--disable=traefik`. Changing them replaces the cluster. Defaults to none.",
		},
		"registries": schema.MapAttribute{
			Optional: true, Computed: true, ElementType: texts, Default: mapdefault.StaticValue(types.MapValueMust(texts, nil)),
			MarkdownDescription: "Mirrors of image registries: a registry's host, such as `docker.io`, to addresses that are asked in its place, in order. " +
				"Changing them replaces the cluster. Defaults to none.",
		},
		"volumes": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Directories of this machine that every node sees, as `<path here>:<path there>`. Changing them replaces the cluster. Defaults " +
				"to none.",
		},
		"wait": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			MarkdownDescription: "Whether creation waits until every node is ready for pods. The API answers in any case. Defaults to `true`.",
		},
	}
}

func portAttribute(text string) schema.Attribute {
	return schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(0),
		MarkdownDescription: text, Validators: []validator.Int64{int64validator.Between(0, maxPort)},
	}
}
