package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// EKS is a cluster of Amazon's Elastic Kubernetes Service.
var EKS = flavor.Define[eksConfig](flavor.Meta{
	Name: "eks",
	Summary: "A cluster of Amazon's Elastic Kubernetes Service: network, control plane, a managed group of nodes, and the add-ons by which pods get addresses, " +
		"names, volumes and identities in AWS.",
	Runs:    flavor.InAWS,
	Cloud:   amazon.Cloud,
	Named:   true,
	View:    func(flavor.Values) flavor.Facts { return flavor.Facts{Reference: map[string]any{"type": "eks"}} },
	Applied: eksApplied,
}, eksAttributes(), eksDriver{}).CheckedWhole(checkEKSName).Checked(checkEKS).Replaced(eksReplaced)

// eksOutputs are what others need to know of a cluster.
var eksOutputs = []string{
	"region", "account", "arn", "host", "vpc_id", "subnet_ids", "security_group_id", "cluster_role_arn", "node_role_arn", "oidc_issuer", "oidc_provider_arn",
}

// eksApplied adds where the cluster is: that is what leads to it, with the login of the provider block.
func eksApplied(facts *flavor.Facts, s flavor.Subject) {
	region, account := amazon.Region(s), amazon.Account(s)
	facts.Reference = map[string]any{"type": "eks", "region": region, "account": account}
	facts.Outputs = map[string]any{}

	for _, name := range eksOutputs {
		facts.Outputs[name] = zenml.Unknown{}
	}

	facts.Outputs["region"], facts.Outputs["account"] = region, account
	facts.Outputs["arn"] = amazon.Texts(func(texts ...string) any {
		return naming.ARN(naming.Partition(texts[0]), "eks", texts[0], texts[1], "cluster/"+texts[2])
	}, region, account, s.Name)
}

func checkEKSName(s flavor.Subject) []flavor.Problem {
	name, known := s.Name.(string)
	if !known {
		return nil
	}

	if problem := naming.EKSCluster(name); problem != "" {
		return []flavor.Problem{{Beside: "name", Summary: "Name that a cluster cannot have", Detail: problem + "\n\nGive it another name."}}
	}

	return nil
}

// checkEKS refuses at plan what AWS would refuse minutes later.
func checkEKS(v flavor.Values) []flavor.Problem {
	problems := amazon.Judged(
		amazon.Rule{Attribute: "kms_key", Judge: naming.KMSKey}, amazon.Rule{Attribute: "cidr", Judge: network.CheckCIDR},
	)(v)

	problems = append(problems, checkEKSVersion(v, time.Now())...)
	problems = append(problems, checkEKSNodes(v["node_group"])...)
	problems = append(problems, checkEKSAddons(v)...)

	if vpc, ok := v["vpc"].(map[string]any); ok {
		if subnets, ok := vpc["subnet_ids"].([]any); ok && len(subnets) < network.LeastZones {
			problems = append(problems, flavor.Problem{
				Path: []string{"vpc", "subnet_ids"}, Summary: "Too few subnets",
				Detail: "vpc.subnet_ids: EKS wants subnets in two availability zones at least.\n\nName two or more, in different zones.",
			})
		}
	}

	return problems
}

const eksOtherVersion = "Choose another version, or set skip_version_check = true where you know better than this version of the provider."

// Preflight refuses to make a cluster of a version that EKS takes no more, or not yet.
func (eksDriver) Preflight(_ context.Context, _ flavor.Input, cfg eksConfig) error {
	if cfg.SkipVersionCheck || cfg.Version == "" {
		return nil
	}

	if problem, _ := naming.EKSVersion(cfg.Version, time.Now()); problem != "" {
		return &flavor.AttributeError{Attribute: []string{"version"}, Err: errors.New(problem), Fix: eksOtherVersion}
	}

	return nil
}

// isOnceTaken says that there may be clusters of a version.
func isOnceTaken(version string) bool {
	return slices.ContainsFunc(naming.EKSVersions(), func(known naming.EKSSupport) bool { return known.Version == version })
}

// checkEKSVersion holds the version against AWS's calendar.
func checkEKSVersion(v flavor.Values, today time.Time) []flavor.Problem {
	version, known := v["version"].(string)
	if !known || version == "" || zenml.IsUnknown(v["skip_version_check"]) {
		return nil
	}

	problem, warning := naming.EKSVersion(version, today)

	switch {
	case v["skip_version_check"] == true:
		return nil
	case problem != "": // a cluster that runs it goes on; Preflight refuses to make one
		return []flavor.Problem{{
			Path: []string{"version"}, Warning: isOnceTaken(version), Summary: "Version that EKS does not take", Detail: "version: " + problem + "\n\n" + eksOtherVersion,
		}}
	case warning != "":
		return []flavor.Problem{{Path: []string{"version"}, Warning: true, Summary: "Version of Kubernetes", Detail: "version: " + warning}}
	default:
		return nil
	}
}

// checkEKSNodes refuses a group that cannot have as many nodes as it should.
func checkEKSNodes(group any) []flavor.Problem {
	nodes, ok := group.(map[string]any)
	if !ok {
		return nil
	}

	least, most, desired := number(nodes["min"]), number(nodes["max"]), number(nodes["desired"])
	object := func(name, says string) []flavor.Problem {
		return []flavor.Problem{{
			Path: []string{"node_group", name}, Summary: "Size that a node group cannot have", Detail: fmt.Sprintf("node_group.%s: %s.\n\nThe sizes are "+
				"min ≤ desired ≤ max.", name, says),
		}}
	}

	switch {
	case least >= 0 && most >= 0 && least > most:
		return object("min", fmt.Sprintf("%d nodes at least are more than the %d at most", least, most))
	case desired >= 0 && most >= 0 && desired > most:
		return object("desired", fmt.Sprintf("%d nodes are more than max, which is %d", desired, most))
	case desired >= 0 && least >= 0 && desired < least:
		return object("desired", fmt.Sprintf("%d nodes are fewer than min, which is %d", desired, least))
	default:
		return nil
	}
}

// number is a whole number that is known; less than 0 otherwise.
func number(value any) int64 {
	if n, ok := value.(int64); ok {
		return n
	}

	return -1
}

// checkEKSAddons refuses configurations that are none, or of nothing.
func checkEKSAddons(v flavor.Values) []flavor.Problem {
	configurations, ok := v["addon_configuration"].(map[string]any)
	if !ok {
		return nil
	}

	addons, known := v["addons"].(map[string]any)

	var problems []flavor.Problem

	for _, name := range slices.Sorted(maps.Keys(configurations)) {
		says := ""

		if _, ok := addons[name]; known && !ok {
			says = "there is no such add-on among addons"
		}

		if text, ok := configurations[name].(string); ok && !json.Valid([]byte(text)) {
			says = "this is no JSON"
		}

		if says != "" {
			problems = append(problems, flavor.Problem{
				Path: []string{"addon_configuration", name}, Summary: "Configuration that no add-on takes",
				Detail: fmt.Sprintf("addon_configuration: %s: %s.\n\nWrite jsonencode({ … }), under the name of an add-on in addons.", name, says),
			})
		}
	}

	return problems
}
