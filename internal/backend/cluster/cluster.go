// Package cluster finds the way into a Kubernetes cluster from a reference without credentials.
package cluster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
)

// The types of references.
const (
	TypeK3d        = "k3d"
	TypeKubeconfig = "kubeconfig"
	TypeEKS        = "eks"
)

// Logins are the logins of the provider block by the names of their clouds, such as aws. What a way needs of one is its own
// business.
type Logins map[string]any

// LoginsOf takes logins of any type.
func LoginsOf[L any](logins map[string]L) Logins {
	all := Logins{}
	for name, login := range logins {
		all[name] = login
	}

	return all
}

// ways are how the credentials for a reference are found, by its type.
var ways = map[string]func(ctx context.Context, logins Logins, reference map[string]string) (*rest.Config, error){
	TypeK3d: func(ctx context.Context, _ Logins, reference map[string]string) (*rest.Config, error) {
		return k3d.RESTConfig(ctx, reference["name"])
	},
	TypeKubeconfig: func(_ context.Context, _ Logins, reference map[string]string) (*rest.Config, error) {
		context := reference["context"]
		if context == "" {
			context = reference["name"] // an import can name only the context
		}

		return kube.FromFile(reference["path"], context)
	},
	TypeEKS: fromEKS,
}

// Open returns the cluster that a reference names. Its key "type" says by which way; the credentials are found, or made for
// a short time, at each call, and nothing is asked of the cluster itself.
func Open(ctx context.Context, logins Logins, reference map[string]string) (*kube.Cluster, error) {
	way, ok := ways[reference["type"]]
	if !ok {
		return nil, fmt.Errorf("there is no way into a cluster of type %q; there is one into %s", reference["type"],
			strings.Join(slices.Sorted(maps.Keys(ways)), ", "))
	}

	config, err := way(ctx, logins, reference)
	if err != nil {
		return nil, err
	}

	return kube.New(config)
}
