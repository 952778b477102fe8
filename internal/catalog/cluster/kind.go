// Package cluster has the flavors of clusters, in which components live.
package cluster

import "github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"

// Kind is the type cluster. It is no part of a stack: components of a stack live in one.
func Kind() flavor.Kind {
	return flavor.Kind{
		Name:  "cluster",
		Hosts: true, Slow: true,
		Purpose: "A Kubernetes cluster that components live in. Hand it to them whole, as `cluster = mlstacks_cluster.dev`: it is a reference without " +
			"credentials, and what lives in the cluster is replaced together with it.",
		Flavors: []flavor.Flavor{K3d, Kubeconfig, EKS},
	}
}
