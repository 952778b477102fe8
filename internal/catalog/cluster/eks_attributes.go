package cluster

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
)

// The defaults of a cluster in EKS.
const (
	eksCIDR     = "10.0.0.0/16"
	eksZones    = 2
	eksSupport  = "EXTENDED"
	eksInstance = "m6i.large"
	eksAMI      = "AL2023_x86_64_STANDARD"
	eksCapacity = "ON_DEMAND"
	eksDiskGB   = 50
	eksMin      = 1
	eksMax      = 3
	eksDesired  = 2
	anywhere    = "0.0.0.0/0"
)

// eksAddons are those of every cluster, in the order in which they are made: pods need addresses before names, and the driver
// of volumes needs the agent that gives it an identity.
var eksAddons = []string{"vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent", "aws-ebs-csi-driver"}

func eksAttributes() map[string]schema.Attribute {
	return amazon.Attributes(amazon.Located(), eksCluster(), map[string]schema.Attribute{
		"vpc": schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "Network that is there already; `cidr`, `availability_zones` and `nat_gateways` have no meaning then. Another one replaces the " +
				"cluster. Null: one is made for the cluster.",
			Attributes: map[string]schema.Attribute{
				"subnet_ids": schema.ListAttribute{
					Required: true, ElementType: types.StringType, MarkdownDescription: "Subnets for control plane and nodes, in two availability zones at least.",
				},
				"security_group_ids": texts("Security groups of the control plane, beside the one that EKS makes. Defaults to none."),
			},
		},
		"cidr": standardText(eksCIDR, "Range of addresses of the network that is made, with a prefix of /16 to /22. Changing it replaces the cluster."),
		"availability_zones": bounded(amazon.Number(eksZones, "Number of availability zones that the network has subnets in, 2 to 6: AWS is asked which there are. "+
			"Changing it replaces the cluster."), network.LeastZones, network.MostZones),
		"nat_gateways": standardText(network.NATSingle, "How nodes get out: `single`, all by one NAT gateway; `one_per_zone`, each zone by its own; `none`, nodes are in "+
			"public subnets and have public addresses. Changing it replaces the cluster.", network.NATSingle, network.NATEach, network.NATNone),
		"node_group":           nodeGroup(),
		"addons":               addons(),
		"addon_configuration":  textsByName("Configuration of add-ons, as JSON by their names. Changed in place. Defaults to none."),
		"permissions_boundary": amazon.Text("ARN of the policy that bounds what the roles of the cluster may ever do. Changed in place. Defaults to `\"\"`, none."),
	})
}

// eksCluster are the attributes of the control plane.
func eksCluster() map[string]schema.Attribute {
	public := texts("Ranges of addresses that reach the API from outside of the network; `[]`: none, and then this machine has to be inside. Whoever reaches it still " +
		"has to log in. Changed in place. Defaults to `[\"0.0.0.0/0\"]`.")
	public.Default = listdefault.StaticValue(types.ListValueMust(types.StringType, []attr.Value{types.StringValue(anywhere)}))

	logs := texts("Logs that the control plane writes to CloudWatch: any of `" + strings.Join(eks.LogTypes(), "`, `") + "`. Changed in place. Defaults to none.")
	logs.Validators = []validator.List{listvalidator.ValueStringsAre(stringvalidator.OneOf(eks.LogTypes()...)), listvalidator.UniqueValues()}

	return map[string]schema.Attribute{
		"version": amazon.Text("Version of Kubernetes, such as `1.36`. One minor version up is done in place: control plane, nodes, then add-ons; any other change is " +
			"refused, since EKS neither goes back nor leaves one out. Defaults to `\"\"`: the newest one that the provider knows when the cluster is made, which then stays."),
		"skip_version_check": amazon.Switch(false, "Whether `version` is taken as it is, and not held against AWS's calendar as this version of the provider knows it."),
		"support": standardText(eksSupport, "What happens when standard support of the version ends: `EXTENDED`, the cluster costs more per hour; `STANDARD`, EKS upgrades it. "+
			"Changed in place.", "STANDARD", eksSupport),
		"endpoint_public_access_cidrs": public,
		"log_types":                    logs,
		"deletion_protection":          amazon.Switch(false, "Whether EKS refuses to delete the cluster. Changed in place."),
		"kms_key": amazon.Text("ARN of a KMS key that encrypts Secrets, beside the keys of EKS. Changing it replaces the cluster. Defaults to `\"\"`, " +
			"none."),
		"administrators": texts("ARNs of users and roles that may do everything in the cluster, beside who makes it. Changed in place. Defaults to none."),
	}
}

func nodeGroup() schema.SingleNestedAttribute {
	instances := texts("Types of instances, the most wanted first. Changing them makes other nodes. Defaults to `[\"" + eksInstance + "\"]`.")
	instances.Default = listdefault.StaticValue(types.ListValueMust(types.StringType, []attr.Value{types.StringValue(eksInstance)}))
	instances.Validators = []validator.List{listvalidator.SizeAtLeast(1)}

	const most = 450

	return schema.SingleNestedAttribute{
		Optional: true, Computed: true, MarkdownDescription: "The nodes. Their number is changed in place. For what else changes, other nodes " +
			"are made, and then those that there were are drained and deleted; the cluster stays. Defaults to two of `" + eksInstance + "`.",
		Default: objectdefault.StaticValue(types.ObjectValueMust(map[string]attr.Type{
			"instance_types": types.ListType{ElemType: types.StringType}, "min": types.Int64Type, "max": types.Int64Type, "desired": types.Int64Type,
			"disk_gb": types.Int64Type, "capacity": types.StringType, "ami_type": types.StringType,
		}, map[string]attr.Value{
			"instance_types": types.ListValueMust(types.StringType, []attr.Value{types.StringValue(eksInstance)}), "min": types.Int64Value(eksMin),
			"max": types.Int64Value(eksMax), "desired": types.Int64Value(eksDesired), "disk_gb": types.Int64Value(eksDiskGB),
			"capacity": types.StringValue(eksCapacity), "ami_type": types.StringValue(eksAMI),
		})),
		Attributes: map[string]schema.Attribute{
			"instance_types": instances,
			"min":            bounded(amazon.Number(eksMin, "Number of nodes at least. Changed in place."), 0, most),
			"max":            bounded(amazon.Number(eksMax, "Number of nodes at most. Changed in place."), 1, most),
			"desired":        bounded(amazon.Number(eksDesired, "Number of nodes. Changed in place."), 0, most),
			"disk_gb":        bounded(amazon.Number(eksDiskGB, "Size of each node's volume in GiB. Changing it makes other nodes."), 1, 16384),
			"capacity": standardText(eksCapacity, "How instances are paid for: `ON_DEMAND`, or `SPOT`, which AWS may take back. Changing it makes other nodes.",
				eksCapacity, "SPOT"),
			"ami_type": standardText(eksAMI, "Type of the nodes' images: any of `"+strings.Join(eks.AMITypes(), "`, `")+"`. It has to fit the instances. Changing it "+
				"makes other nodes.", eks.AMITypes()...),
		},
	}
}

func addons() schema.MapAttribute {
	standard := map[string]attr.Value{}
	for _, name := range eksAddons {
		standard[name] = types.StringValue("")
	}

	attribute := textsByName("Add-ons of EKS by their names, each with its version; `\"\"` is the one that EKS takes for the version of Kubernetes, which then stays until " +
		"that changes. `aws-ebs-csi-driver` gets a role of its own, by `eks-pod-identity-agent`. Changed in place. Defaults to `vpc-cni`, `kube-proxy`, `coredns`, " +
		"`eks-pod-identity-agent` and `aws-ebs-csi-driver`.")
	attribute.Default = mapdefault.StaticValue(types.MapValueMust(types.StringType, standard))
	attribute.Validators = []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthAtLeast(1))}

	return attribute
}

// standardText is a text with a default, and where values are given, one of those.
func standardText(standard, about string, values ...string) schema.StringAttribute {
	attribute := schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString(standard), MarkdownDescription: about + " Defaults to `" + standard + "`.",
	}
	if len(values) > 0 {
		attribute.Validators = []validator.String{stringvalidator.OneOf(values...)}
	}

	return attribute
}

func texts(about string) schema.ListAttribute {
	return schema.ListAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, Default: listdefault.StaticValue(types.ListValueMust(types.StringType, nil)),
		MarkdownDescription: about,
	}
}

func textsByName(about string) schema.MapAttribute {
	return schema.MapAttribute{
		Optional: true, Computed: true, ElementType: types.StringType, Default: mapdefault.StaticValue(types.MapValueMust(types.StringType, nil)),
		MarkdownDescription: about,
	}
}

func bounded(attribute schema.Int64Attribute, least, most int64) schema.Int64Attribute {
	attribute.Validators = []validator.Int64{int64validator.Between(least, most)}

	return attribute
}
