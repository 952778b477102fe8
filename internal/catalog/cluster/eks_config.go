package cluster

import (
	"cmp"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/role"
)

type eksConfig struct {
	Region              string            `tfsdk:"region"`
	Version             string            `tfsdk:"version"`
	SkipVersionCheck    bool              `tfsdk:"skip_version_check"`
	Support             string            `tfsdk:"support"`
	VPC                 *eksVPC           `tfsdk:"vpc"`
	CIDR                string            `tfsdk:"cidr"`
	Zones               int64             `tfsdk:"availability_zones"`
	NAT                 string            `tfsdk:"nat_gateways"`
	PublicCIDRs         []string          `tfsdk:"endpoint_public_access_cidrs"`
	Logs                []string          `tfsdk:"log_types"`
	DeletionProtection  bool              `tfsdk:"deletion_protection"`
	KMSKey              string            `tfsdk:"kms_key"`
	Administrators      []string          `tfsdk:"administrators"`
	NodeGroup           eksNodes          `tfsdk:"node_group"`
	Addons              map[string]string `tfsdk:"addons"`
	AddonConfiguration  map[string]string `tfsdk:"addon_configuration"`
	PermissionsBoundary string            `tfsdk:"permissions_boundary"`
}

type eksVPC struct {
	SubnetIDs        []string `tfsdk:"subnet_ids"`
	SecurityGroupIDs []string `tfsdk:"security_group_ids"`
}

type eksNodes struct {
	InstanceTypes []string `tfsdk:"instance_types"`
	Min           int64    `tfsdk:"min"`
	Max           int64    `tfsdk:"max"`
	Desired       int64    `tfsdk:"desired"`
	DiskGB        int64    `tfsdk:"disk_gb"`
	Capacity      string   `tfsdk:"capacity"`
	AMI           string   `tfsdk:"ami_type"`
}

const (
	// nodesName begins the name of the node group, which is in a cluster of its own.
	nodesName = "nodes"
	// volumesAddon is the driver of volumes, volumesAccount its service account.
	volumesAddon   = "aws-ebs-csi-driver"
	volumesAccount = "ebs-csi-controller-sa"
	podAgent       = "eks-pod-identity-agent"
)

// roleName is that of one of the cluster's roles. Roles are known in all regions, and so the region is part of it.
func (w *eksWork) roleName(what string) string {
	return naming.Derived(naming.ForRole, w.name, w.site.Region, what)
}

func (w *eksWork) role(what, description string, trust policy.Document, policies ...policy.Managed) role.Role {
	r := role.Role{
		Session: w.site.Session, Name: w.roleName(what), Trust: trust, Boundary: w.cfg.PermissionsBoundary,
		Description: description + " of the EKS cluster " + w.name,
	}
	for _, one := range policies {
		r.Managed = append(r.Managed, one.ARN)
	}

	return r
}

func (w *eksWork) clusterRole() role.Role {
	return w.role("eks-cluster", "Control plane", policy.TrustEKSCluster(), policy.EKSCluster(w.partition)...)
}

func (w *eksWork) nodeRole() role.Role {
	return w.role("eks-nodes", "Nodes", policy.TrustEKSNode(), policy.EKSNode(w.partition)...)
}

// volumesRole is that of the driver of volumes.
func (w *eksWork) volumesRole() eks.Either {
	first, second := policy.EKSVolumes(w.partition)

	return eks.Either{
		First:  w.role("eks-volumes", "Driver of volumes", policy.TrustPodIdentity(), first),
		Second: w.role("eks-volumes", "Driver of volumes", policy.TrustPodIdentity(), second),
	}
}

// volumes says that there is a driver of volumes, and who gives it its role.
func (w *eksWork) volumes() bool {
	_, driver := w.cfg.Addons[volumesAddon]
	_, agent := w.cfg.Addons[podAgent]

	return driver && agent
}

func (w *eksWork) roleARN(name string) string {
	return policy.Place{Partition: w.partition, Account: w.account}.RoleARN("", name)
}

func (w *eksWork) network() network.Network {
	return network.Network{
		Session: w.site.Session, Name: w.name, CIDR: w.cfg.CIDR, Zones: int(w.cfg.Zones), NAT: w.cfg.NAT, ID: w.site.Input.Outputs["vpc_id"],
	}
}

func (w *eksWork) controlPlane() eks.Cluster {
	c := eks.Cluster{Session: w.site.Session, Name: w.name, Creator: w.caller == "", Settings: eks.Settings{
		Version: w.cfg.Version, RoleARN: w.roleARN(w.roleName("eks-cluster")), Subnets: w.layout.All(), PublicCIDRs: w.cfg.PublicCIDRs, Logs: w.cfg.Logs,
		DeletionProtection: w.cfg.DeletionProtection, Support: w.cfg.Support, KMSKey: w.cfg.KMSKey,
	}}
	if w.cfg.VPC != nil {
		c.Settings.SecurityGroups = w.cfg.VPC.SecurityGroupIDs
	}

	return c
}

func (w *eksWork) nodes() eks.Pool {
	group := w.cfg.NodeGroup

	return eks.Pool{Wanted: eks.Nodes{
		Session: w.site.Session, Cluster: w.name, Name: nodesName, Version: w.cfg.Version, RoleARN: w.roleARN(w.roleName("eks-nodes")),
		Subnets: w.layout.Nodes(), InstanceTypes: group.InstanceTypes, AMI: group.AMI, Capacity: group.Capacity,
		DiskGB: int32(group.DiskGB),                                                                   //nolint:gosec // the schema bounds it
		Size:   eks.Size{Min: int32(group.Min), Max: int32(group.Max), Desired: int32(group.Desired)}, //nolint:gosec // the schema bounds them
	}}
}

// addons are the add-ons in the order in which they are made.
func (w *eksWork) addons(cfg eksConfig) []eks.Addon {
	var all []eks.Addon

	place := func(name string) int {
		if at := slices.Index(eksAddons, name); at >= 0 {
			return at
		}

		return len(eksAddons)
	}

	for _, name := range slices.SortedFunc(maps.Keys(cfg.Addons), func(a, b string) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	}) {
		addon := eks.Addon{
			Session: w.site.Session, Cluster: w.name, Name: name, Version: cfg.Addons[name], Kubernetes: w.found.Version,
			Configuration: cfg.AddonConfiguration[name],
		}
		if name == volumesAddon && w.volumes() {
			addon.Pods = map[string]string{volumesAccount: w.roleARN(w.roleName("eks-volumes"))}
		}

		all = append(all, addon)
	}

	return all
}

func (w *eksWork) issuer() eks.Issuer {
	return eks.Issuer{
		Session: w.site.Session, Place: policy.Place{Partition: w.partition, Region: w.site.Region, Account: w.account},
		URL: cmp.Or(w.found.Issuer, w.site.Input.Outputs["oidc_issuer"]),
	}
}

func (w *eksWork) entry(principal string) eks.Entry {
	return eks.Entry{Session: w.site.Session, Cluster: w.name, Principal: principal}
}
