package component

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Parts are the identity of a component that was found where in says, as its resource would have it after an import.
func Parts(f flavor.Flavor, in flavor.Input, found flavor.Found) map[string]string {
	parts := map[string]string{partFlavor: f.Name, partID: found.ID, partAccount: found.Account, partRegion: found.Region}

	if f.Clustered && in.Cluster != nil {
		parts[partCluster] = wayIn(*in.Cluster)
	}

	return parts
}

// InCluster reads a cluster as identities and import identifiers write it, "<flavor of the cluster>/<its name>".
func InCluster(text string) (flavor.Cluster, bool) {
	where, _, ok := splitCluster(text + "/any/any")

	return where, ok
}
