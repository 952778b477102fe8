package cluster

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/clustered"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// K3d is a local cluster in containers of this machine.
var K3d = flavor.Define[k3dConfig](flavor.Meta{
	Name:    "k3d",
	Summary: "A local cluster of k3s nodes in containers, made in-process: it needs a Docker engine and no other program.",
	Runs:    flavor.ThisMachine,
	Named:   true,
	View: func(flavor.Values) flavor.Facts {
		return flavor.Facts{Reference: map[string]any{"type": "k3d"}}
	},
	Moves: []flavor.Move{movedK3d},
}, k3dAttributes(), k3dDriver{}).CheckedWhole(checkK3dName).Replaced(k3dReplaced)

// checkK3dName refuses at plan a name that nodes cannot have.
func checkK3dName(s flavor.Subject) []flavor.Problem {
	name, known := s.Name.(string)
	if !known {
		return nil
	}

	if err := k3d.CheckName(name); err != nil {
		return []flavor.Problem{{Beside: "name", Summary: "Name that a cluster cannot have", Detail: err.Error() + ".\n\nGive it another name."}}
	}

	return nil
}

type k3dDriver struct{}

// recorded are the clusters that this process knows from a state, or has made for one.
var recorded sync.Map

// unrecorded says that a cluster is what a run from this directory has made and could not record any more: it was killed
// between the two.
func unrecorded(ctx context.Context, wanted k3d.Spec) bool {
	if _, known := recorded.Load(wanted.Name); known {
		return false
	}

	found, err := k3d.Inspect(ctx, wanted.Name)
	if err != nil || !found.Ours || !found.Complete || wanted.Origin == "" {
		return false
	}

	was, is := found.Spec, wanted

	for _, spec := range []*k3d.Spec{&was, &is} { // what was left to be picked, and what changes in place
		spec.APIPort, spec.Ports, spec.Agents, spec.Labels, spec.Wait = 0, nil, 0, nil, false
		spec.K3sArgs, spec.Volumes = append([]string{}, spec.K3sArgs...), append([]string{}, spec.Volumes...)

		if spec.Registry != nil {
			spec.Registry = &k3d.Registry{}
		}
	}

	return reflect.DeepEqual(was, is)
}

// Locate is the cluster's name.
func (k3dDriver) Locate(in flavor.Input, _ k3dConfig) (string, error) { return in.Name, nil }

// Create makes the cluster, or finishes one of this component that was left half-made.
func (k3dDriver) Create(ctx context.Context, in flavor.Input, cfg k3dConfig) (flavor.Result, error) {
	spec := cfg.spec(in)

	observed, err := k3d.Create(ctx, spec)
	if errors.Is(err, backend.ErrForeign) && unrecorded(ctx, spec) {
		observed, err = k3d.Update(ctx, spec, spec)
	}

	if err == nil {
		recorded.Store(in.Name, true)
	}

	if err != nil {
		result := flavor.Result{}
		if observed.Name != "" { // something was made, and must not be lost
			result.ID = observed.Name
		}

		return result, clustered.Worded(err)
	}

	return k3dResult(observed), nil
}

// Read looks at the cluster. One that is stopped is there; one that took its place under the same name is too, with
// another incarnation.
func (k3dDriver) Read(ctx context.Context, in flavor.Input, id string, cfg k3dConfig) (k3dConfig, flavor.Result, error) {
	observed, err := k3d.Inspect(ctx, id)
	if err != nil {
		return cfg, flavor.Result{}, clustered.Worded(err)
	}

	if in.Incarnation != "" && !observed.Ours && observed.Incarnation != "" && observed.Incarnation != in.Incarnation {
		return cfg, flavor.Result{}, fmt.Errorf("cluster %s was replaced by one that somebody else made: ours %w", id, flavor.ErrNotFound)
	}

	recorded.Store(id, true)

	result := k3dResult(observed)

	switch {
	case !observed.Complete:
		result.Afresh = true
		result.Drift = []string{fmt.Sprintf("cluster %s was left half-made or half-removed: it is made anew", id)}
	case observed.Problem != "":
		result.Drift = []string{observed.Problem}
	case !observed.Running:
		result.Drift = []string{fmt.Sprintf("cluster %s is stopped", id)}
	}

	return cfg.observe(in, observed), result, nil
}

// Update starts a stopped cluster and brings agents and ports to what is wanted.
func (d k3dDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg k3dConfig) (flavor.Result, error) {
	observed, err := k3d.Inspect(ctx, id)
	if err != nil {
		return flavor.Result{}, clustered.Worded(err)
	}

	if !observed.Complete {
		return d.Create(ctx, in, cfg)
	}

	if !observed.Running {
		if err := k3d.Start(ctx, id); err != nil {
			return flavor.Result{}, clustered.Worded(err)
		}
	}

	if observed, err = k3d.Update(ctx, old.spec(in), cfg.spec(in)); err != nil {
		return flavor.Result{}, clustered.Worded(err)
	}

	return k3dResult(observed), nil
}

// Delete removes the cluster with all that is in it. One that took its place since the state was written stays.
func (k3dDriver) Delete(ctx context.Context, in flavor.Input, id string, _ k3dConfig) error {
	observed, err := k3d.Inspect(ctx, id)
	if err == nil && in.Incarnation != "" && observed.Incarnation != "" && in.Incarnation != observed.Incarnation {
		return nil
	}

	if err := k3d.Delete(ctx, id); err != nil && !errors.Is(err, backend.ErrNotFound) {
		return clustered.Worded(err)
	}

	return nil
}
