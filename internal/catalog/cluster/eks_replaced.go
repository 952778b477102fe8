package cluster

import (
	"fmt"
	"reflect"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// eksReplacing says what EKS cannot change in a cluster that is there, and why, in the order of the schema. A version that EKS
// cannot go to is not among it: it is refused, since EKS may have upgraded by itself what would be thrown away then.
var eksReplacing = []struct{ attribute, because string }{
	{"vpc", "a cluster stays in the network that it was made in"},
	{"cidr", "a network keeps its range of addresses"},
	{"availability_zones", "the subnets divide the range of the network among the zones"},
	{"nat_gateways", "it decides which subnets there are"},
	{"kms_key", "what Secrets are encrypted with stays"},
}

// eksReplaced finds what of a change makes another cluster.
func eksReplaced(before, after flavor.Values) []flavor.Problem {
	var reasons []flavor.Problem

	own := after["vpc"] != nil && before["vpc"] != nil // then what describes a network means nothing

	for _, rule := range eksReplacing {
		was, is := before[rule.attribute], after[rule.attribute]

		network := rule.attribute == "cidr" || rule.attribute == "availability_zones" || rule.attribute == "nat_gateways"
		if own && network || was == nil && rule.attribute != "vpc" || reflect.DeepEqual(was, is) {
			continue
		}

		reasons = append(reasons, flavor.Problem{
			Path: []string{rule.attribute}, Summary: "Cluster will be replaced",
			Detail: fmt.Sprintf("eks.%s changes, and %s: the cluster is made anew, and with it everything that lives in it.\n\nKeep the former value to keep the cluster.",
				rule.attribute, rule.because),
		})
	}

	was, _ := before["version"].(string)
	is, _ := after["version"].(string)

	if because := cannotGo(was, is); because != "" {
		reasons = append(reasons, flavor.Problem{
			Path: []string{"version"}, Refused: true, Summary: "Version out of reach",
			Detail: fmt.Sprintf("version %q: %s.\n\nSet version = %q%s.", is, because, reachableFrom(was, is), map[bool]string{
				true: ", apply that, and go on from there", false: ", which is what the cluster runs",
			}[minorOf(is) > minorOf(was)]),
		})
	}

	return reasons
}
