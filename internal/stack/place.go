package stack

import (
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Place is where a component runs. Components of one place share a box in diagrams; each cluster is a place of its own.
type Place struct {
	// Runs is the flavor's word for it: flavor.Custom for a custom flavor, of which nobody knows.
	Runs flavor.Place
	// Cluster and Way are the name of the cluster and the type of the way into it; empty outside of clusters.
	Cluster, Way string
}

// String names the place for people: "This machine", "Kubernetes cluster dev (<way>)".
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

	if at := beside(c, all); at >= 0 && beside(all[at], all) < 0 {
		return place(all[at], all)
	}

	p := Place{Runs: c.flavor.Runs}

	if cluster, ok := c.Cluster.(string); ok && c.flavor.Clustered && p.Runs == flavor.InCluster {
		p.Way, p.Cluster, _ = strings.Cut(cluster, "/")
	}

	return p
}

// beside finds what a component is where that is; -1 where it has a place of its own, or the stack has nothing of that kind.
func beside(c component, all []component) int {
	if !c.ok || c.flavor.Runs == "" {
		return -1
	}

	return slices.IndexFunc(all, func(other component) bool { return other.kind.Beside == c.flavor.Runs })
}
