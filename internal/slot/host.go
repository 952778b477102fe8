package slot

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// HostAttributes are the attributes that something components live in answers with.
func HostAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         identifier(),
		"outputs":    outputs(),
		"drift":      drift(),
		"labels_all": labelsAll(),
		"type":       schema.StringAttribute{Computed: true, MarkdownDescription: "Always `cluster`."},
		"flavor":     schema.StringAttribute{Computed: true, MarkdownDescription: "Flavor that is set."},
		"reference": schema.MapAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "How to get at the cluster: a reference without credentials. They are found, or made for a short time, whenever they are needed.",
		},
		"incarnation": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "Tells this making of the cluster from another of the same name. What lives in the cluster is replaced when it " +
				"changes.",
		},
		"kubernetes_version": schema.StringAttribute{Computed: true, MarkdownDescription: "Version of Kubernetes that the cluster runs."},
	}
}

// ClusterAttribute says in which cluster a component lives.
func ClusterAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "The cluster that the component lives in: an `mlstacks_cluster`, whole, as a resource or as a data source. Required by the " +
			"flavors that live in one; the others make no use of it.",
		Attributes: clusterAttributes(),
	}
}

// clusterAttributes are what a component keeps of its cluster: a reference without credentials.
func clusterAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the cluster."},
		"reference": schema.MapAttribute{
			Required: true, ElementType: types.StringType, MarkdownDescription: "How to get at the cluster.",
		},
		"incarnation": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Incarnation of the cluster: the component is replaced when it changes.",
		},
	}
}

func identifier() schema.Attribute {
	return schema.StringAttribute{
		Computed:            true,
		MarkdownDescription: "Identifier of what the component stands for, unique within its flavor.",
		PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
	}
}

func outputs() schema.Attribute {
	return schema.MapAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "Further facts for other configurations. Never a secret.",
	}
}

func drift() schema.Attribute {
	return schema.ListAttribute{
		Computed:    true,
		ElementType: types.StringType,
		MarkdownDescription: "What was found to differ from what apply makes, a line each; the next apply repairs it. Null: nothing differs, or what does " +
			"shows in an attribute of its own.",
	}
}

func labelsAll() schema.Attribute {
	return schema.MapAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "`labels` with the provider's `default_labels` under them.",
	}
}
