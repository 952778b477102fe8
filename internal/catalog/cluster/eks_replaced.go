package cluster

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// eksReplacing says what EKS cannot change in a cluster that is there, and why, in the order of the schema.
var eksReplacing = []struct{ attribute, within, because string }{
	{"vpc", "", "a cluster stays in the network that it was made in"},
	{"cidr", "", "a network keeps its range of addresses"},
	{"availability_zones", "", "the subnets divide the range of the network among the zones"},
	{"nat_gateways", "", "it decides which subnets there are"},
	{"kms_key", "", "what Secrets are encrypted with stays"},
	{"node_group", "instance_types", "a node group keeps the types of its instances"},
	{"node_group", "disk_gb", "a node group keeps the size of its volumes"},
	{"node_group", "capacity", "a node group keeps the way in which it is paid for"},
	{"node_group", "ami_type", "a node group keeps the type of its images"},
}

// eksReplaced finds what of a change makes another cluster.
func eksReplaced(before, after flavor.Values) []flavor.Problem {
	var reasons []flavor.Problem

	reason := func(because, fix string, path ...string) {
		reasons = append(reasons, flavor.Problem{
			Path: path, Summary: "Cluster will be replaced",
			Detail: fmt.Sprintf("eks.%s changes, and %s: the cluster is made anew, and with it everything that lives in it.\n\n%s", strings.Join(path, "."), because, fix),
		})
	}

	own := after["vpc"] != nil && before["vpc"] != nil // then what describes a network means nothing

	for _, rule := range eksReplacing {
		was, is := before[rule.attribute], after[rule.attribute]
		path := []string{rule.attribute}

		if rule.within != "" {
			path = append(path, rule.within)
			was, is = member(was, rule.within), member(is, rule.within)
		}

		network := rule.attribute == "cidr" || rule.attribute == "availability_zones" || rule.attribute == "nat_gateways"
		if own && network || was == nil && rule.attribute != "vpc" || reflect.DeepEqual(was, is) {
			continue
		}

		reason(rule.because, "Keep the former value to keep the cluster.", path...)
	}

	was, _ := before["version"].(string)
	if because := cannotGo(was, after["version"]); because != "" {
		reason(because, "Go up one minor version at a time, with an apply for each, to keep the cluster.", "version")
	}

	return reasons
}

func member(of any, name string) any {
	values, ok := of.(map[string]any)
	if !ok && zenml.IsUnknown(of) {
		return of
	}

	return values[name]
}

// cannotGo says why a cluster cannot go from one version to another; empty where it can.
func cannotGo(from string, to any) string {
	next, known := to.(string)

	switch {
	case from == "" || to == "" || from == to:
		return "" // whichever it has, it keeps, or the cluster says
	case !known:
		return "it is not known yet, so that nobody can tell whether EKS can go there"
	}

	was, is := minorOf(from), minorOf(next)

	switch {
	case was < 0 || is < 0 || is == was+1:
		return ""
	case is < was:
		return fmt.Sprintf("EKS does not go back from %s to %s", from, next)
	default:
		return fmt.Sprintf("EKS goes up one minor version at a time, and from %s to %s are %d", from, next, is-was)
	}
}

func minorOf(version string) int {
	_, digits, _ := strings.Cut(version, ".")

	minor, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}

	return minor
}
