package cluster

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// movedK3d takes over a cluster that pvotal-tech/k3d has made with the k3d library, as this flavor does. What its nodes are
// like is read from them; the credentials in the state are left behind.
var movedK3d = flavor.Move{
	Type:     "k3d_cluster",
	Provider: "pvotal-tech/k3d",
	Take: func(state flavor.Former) (flavor.Moved, error) {
		name, err := state.Text("name")

		return flavor.Moved{ID: name}, err
	},
}
