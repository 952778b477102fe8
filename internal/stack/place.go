package stack

import (
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// beside names the kind that the components of a place run beside, for places that are where something else is.
var beside = map[flavor.Place]string{flavor.WithTracker: "experiment_tracker"}

// Place is where a component runs. Components of one place share a box in diagrams; each cluster is a place of its own.
type Place struct {
	// Runs is the flavor's word for it: flavor.Custom for a custom flavor, of which nobody knows.
	Runs flavor.Place
	// Cluster and Way are the name of the cluster and the way into it, such as "dev" and "k3d"; empty outside of clusters.
	Cluster, Way string
}

// String names the place for people: "This machine", "Kubernetes cluster dev (k3d)".
func (p Place) String() string {
	if p.Cluster == "" {
		return string(p.Runs)
	}

	return string(p.Runs) + " " + p.Cluster + " (" + p.Way + ")"
}

// place is where a component of a stack runs.
func place(c component, all []component) Place {
	if !c.ok {
		return Place{Runs: flavor.Custom}
	}

	if kind, ok := beside[c.flavor.Runs]; ok {
		at := slices.IndexFunc(all, func(other component) bool { return other.kind.Name == kind })
		if at >= 0 && (!all[at].ok || beside[all[at].flavor.Runs] == "") {
			return place(all[at], all)
		}
	}

	p := Place{Runs: c.flavor.Runs}

	if cluster, ok := c.Cluster.(string); ok && c.flavor.Clustered && p.Runs == flavor.InCluster {
		p.Way, p.Cluster, _ = strings.Cut(cluster, "/")
	}

	return p
}
