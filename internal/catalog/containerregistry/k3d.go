package containerregistry

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// K3d is the registry beside a k3d cluster.
var K3d = flavor.Define[k3dConfig](flavor.Meta{
	Name:  "k3d",
	ZenML: "default",
	Summary: "The registry beside a k3d cluster, which comes with it: set `registry` of the cluster. Its address `localhost:<port>` is good on this " +
		"machine and in the images of pods; pods that push use `outputs.cluster_uri`.",
	Runs:      flavor.ThisMachine,
	Clustered: true,
	Named:     true,
	Fields: map[string]string{
		"default_repository": "Repository of the registry that images go into.",
	},
	Attribute: map[string]string{"uri": "cluster"}, // which has it
	View:      registryView,
	Applied: func(facts *flavor.Facts, s flavor.Subject) {
		facts.URI = s.Output("uri")
		facts.Configuration["uri"] = facts.URI
	},
}, nil, k3dDriver{}).CheckedWhole(checkK3d)

type k3dConfig struct {
	DefaultRepository *string       `tfsdk:"default_repository"`
	Settings          types.Dynamic `tfsdk:"settings"`
}

// registryView is what the configuration alone tells of a registry whose address comes from its cluster.
func registryView(v flavor.Values) flavor.Facts {
	configuration := map[string]any{}

	for _, name := range []string{"default_repository", "authentication_secret"} {
		if v[name] != nil {
			configuration[name] = v[name]
		}
	}

	flavor.AddSettings(configuration, v)

	return flavor.Facts{Configuration: configuration}
}

// checkK3d refuses other clusters: only k3d puts registries beside its own.
func checkK3d(s flavor.Subject) []flavor.Problem {
	by, ok := s.Reference("type").(string)
	if !ok || by == cluster.TypeK3d {
		return nil
	}

	return []flavor.Problem{{
		Summary: "Registry of k3d beside another cluster",
		Detail: fmt.Sprintf("cluster: this one is of type %s, and only clusters of k3d have a registry beside them.\n\nUse the flavor distribution, which "+
			"puts a registry into any cluster.", by),
	}}
}

type k3dDriver struct{}

// registryID stands for the one registry that a cluster has, with the component's name for imports.
func registryID(name string) string { return "registry/" + name }

// Locate needs no contact: there is one registry in a cluster.
func (k3dDriver) Locate(in flavor.Input, _ k3dConfig) (string, error) {
	return registryID(in.Name), nil
}

var errNoRegistry = errors.New("has no registry beside it")

// Preflight objects to a cluster that exists, stays, and has no registry. One that is yet to be made is looked at in apply.
func (k3dDriver) Preflight(ctx context.Context, in flavor.Input, _ k3dConfig) error {
	if in.Cluster == nil || in.Cluster.Incarnation == "" {
		return nil
	}

	if _, err := inspect(ctx, in); errors.Is(err, errNoRegistry) {
		return err
	}

	return nil // whatever else is wrong may be right by the time of apply
}

// Create looks for the registry and reaches it; nothing is made.
func (k3dDriver) Create(ctx context.Context, in flavor.Input, _ k3dConfig) (flavor.Result, error) {
	observed, err := inspect(ctx, in)
	if err != nil {
		return flavor.Result{}, clustered.Worded(err)
	}

	if !observed.Running {
		return flavor.Result{}, fmt.Errorf("k3d cluster %q %w", observed.Name, backend.ErrStopped)
	}

	return k3dResult(observed, in), reach(ctx, "http://"+observed.RegistryHost)
}

// Read looks whether the registry is still there.
func (k3dDriver) Read(ctx context.Context, in flavor.Input, id string, cfg k3dConfig) (k3dConfig, flavor.Result, error) {
	if _, name, ok := strings.Cut(id, "/"); ok && in.Name == "" {
		in.Name = name // an import
	}

	observed, err := inspect(ctx, in)

	switch {
	case errors.Is(err, errNoRegistry):
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrNotFound, err)
	case errors.Is(err, clustered.ErrReplaced):
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrAsleep, err)
	case err != nil:
		return cfg, flavor.Result{}, clustered.Worded(err)
	case !observed.Running:
		return cfg, flavor.Result{}, flavor.Because(flavor.ErrAsleep, fmt.Errorf("k3d cluster %q %w", observed.Name, backend.ErrStopped))
	}

	return cfg, k3dResult(observed, in), nil
}

// Update looks and reaches again.
func (d k3dDriver) Update(ctx context.Context, in flavor.Input, _ string, _, cfg k3dConfig) (flavor.Result, error) {
	return d.Create(ctx, in, cfg)
}

// Delete leaves the registry to its cluster.
func (k3dDriver) Delete(context.Context, flavor.Input, string, k3dConfig) error { return nil }

// inspect finds the registry of the component's cluster.
func inspect(ctx context.Context, in flavor.Input) (k3d.Observed, error) {
	if in.Cluster == nil {
		return k3d.Observed{}, errors.New("the component has no cluster")
	}

	name := in.Cluster.Reference["name"]

	observed, err := k3d.Inspect(ctx, name)

	switch known := in.Cluster.Incarnation; {
	case err != nil:
		return observed, err
	case known != "" && observed.Incarnation != "" && known != observed.Incarnation:
		return observed, fmt.Errorf("k3d cluster %q %w since the component was made", name, clustered.ErrReplaced)
	case observed.RegistryHost == "":
		return observed, &flavor.AttributeError{
			Err: fmt.Errorf("k3d cluster %q %w", name, errNoRegistry),
			Fix: "Set registry = {} of the cluster, which makes the cluster anew, or use the flavor distribution, which puts a registry into the cluster.",
		}
	}

	return observed, nil
}

func k3dResult(observed k3d.Observed, in flavor.Input) flavor.Result {
	return flavor.Result{
		ID: registryID(in.Name), Name: in.Name, Cluster: observed.Incarnation,
		Outputs: map[string]string{"uri": observed.RegistryHost, "cluster_uri": observed.RegistryCluster},
	}
}
