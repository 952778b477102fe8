package clustered

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// DefaultNamespace is where components live that say nothing else.
const DefaultNamespace = "mlstacks"

// Placed is what every component in a cluster says. Flavors embed it.
type Placed struct {
	Namespace string `tfsdk:"namespace"`
}

// Workload is what every component says that runs something of its own. Flavors embed it.
type Workload struct {
	Placed

	Image            string        `tfsdk:"image"`
	ImagePullSecrets []string      `tfsdk:"image_pull_secrets"`
	Values           types.Dynamic `tfsdk:"values"`
}

// Exposed is what every service says of how it is reached. Flavors embed it.
type Exposed struct {
	Expose Expose `tfsdk:"expose"`
}

// Expose says how a service is reached from outside of its cluster.
type Expose struct {
	Type string `tfsdk:"type"`
	Host string `tfsdk:"host"`
	Port int64  `tfsdk:"port"`
	TLS  string `tfsdk:"tls"`
}

// Stored is what every component says that keeps data on a volume. Flavors embed it.
type Stored struct {
	Storage      string `tfsdk:"storage"`
	StorageClass string `tfsdk:"storage_class"`
	ForceDestroy bool   `tfsdk:"force_destroy"`
}

var dnsLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// PlacedAttributes are the attributes of Placed.
func PlacedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"namespace": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(DefaultNamespace),
			MarkdownDescription: "Namespace that the component lives in. It is made when the first component comes, and removed when the last one that " +
				"uses it leaves; one that was there before stays. Changing it replaces the component. Defaults to `" + DefaultNamespace + "`.",
			PlanModifiers: []planmodifier.String{replacing()},
			Validators: []validator.String{
				stringvalidator.LengthAtMost(63),
				stringvalidator.RegexMatches(dnsLabel, "must have only small letters, digits and hyphens, and begin and end with a letter or digit"),
			},
		},
	}
}

// WorkloadAttributes are the attributes of Workload, with the image that runs where none is named.
func WorkloadAttributes(image, about string) map[string]schema.Attribute {
	attributes := PlacedAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"image": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(image),
			MarkdownDescription: strings.TrimSpace("Image that runs. "+about) + " The provider's `image_registry` goes before the default. Defaults to `" + image + "`.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"image_pull_secrets": schema.ListAttribute{
			Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
			MarkdownDescription: "Names of Secrets in the namespace that hold logins for image registries. Defaults to none.",
		},
		"values": schema.DynamicAttribute{
			Optional: true,
			MarkdownDescription: "Values of the chart, merged over those that the provider computes; null removes one. They are held against the chart's " +
				"schema at plan.",
		},
	})

	return attributes
}

var exposures = []string{"none", "node_port", "load_balancer", "ingress"}

// ExposeAttribute is the attribute of Exposed.
func ExposeAttribute() map[string]schema.Attribute {
	kinds := map[string]attr.Type{"type": types.StringType, "host": types.StringType, "port": types.Int64Type, "tls": types.StringType}
	nothing := types.ObjectValueMust(kinds, map[string]attr.Value{
		"type": types.StringValue("none"), "host": types.StringValue(""), "port": types.Int64Value(0), "tls": types.StringValue(""),
	})

	return map[string]schema.Attribute{"expose": schema.SingleNestedAttribute{
		Optional: true, Computed: true, Default: objectdefault.StaticValue(nothing),
		MarkdownDescription: "How the service is reached from outside of the cluster. `uri` is then an address that was really reached from here. Defaults " +
			"to not at all.",
		Attributes: map[string]schema.Attribute{
			"type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString("none"),
				MarkdownDescription: "One of `" + strings.Join(exposures, "`, `") + "`. Defaults to `none`.",
				Validators:          []validator.String{stringvalidator.OneOf(exposures...)},
			},
			"host": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(""),
				MarkdownDescription: "Name or address that stands in `uri`; required for `ingress`. Empty: found out. Defaults to empty.",
			},
			"port": schema.Int64Attribute{
				Optional: true, Computed: true, Default: int64default.StaticInt64(0),
				MarkdownDescription: "Node port for `node_port`, the port of the service for `load_balancer`, the ingress controller's for `ingress`. `0`: what " +
					"the cluster picks, or what is usual. Defaults to `0`.",
				Validators: []validator.Int64{int64validator.Between(0, 65535)},
			},
			"tls": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(""),
				MarkdownDescription: "For `ingress`: name of the Secret in the namespace with certificate and key, which makes `uri` begin with `https`. " +
					"Defaults to none.",
			},
		},
	}}
}

var quantity = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$`)

// StoredAttributes are the attributes of Stored.
func StoredAttributes(size, about string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"storage": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(size),
			MarkdownDescription: fmt.Sprintf("Size of the volume that keeps %s, as a Kubernetes quantity. Changing it replaces the component. Defaults to `%s`.", about, size),
			PlanModifiers:       []planmodifier.String{replacing()},
			Validators:          []validator.String{stringvalidator.RegexMatches(quantity, "must be a Kubernetes quantity, such as 10Gi")},
		},
		"storage_class": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "Storage class of the volume. Changing it replaces the component. Empty: the cluster's default. Defaults to empty.",
			PlanModifiers:       []planmodifier.String{replacing()},
		},
		"force_destroy": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(false),
			MarkdownDescription: "Whether the component is deleted with the data it holds. Defaults to `false`.",
		},
	}
}

// Attributes joins attributes of several origins into one schema.
func Attributes(parts ...map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, part := range parts {
		maps.Copy(all, part)
	}

	return all
}
