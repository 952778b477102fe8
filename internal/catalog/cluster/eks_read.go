package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Read looks at the cluster. What was only recorded is not held against anything.
func (eksDriver) Read(ctx context.Context, in flavor.Input, id string, cfg eksConfig) (eksConfig, flavor.Result, error) {
	w, err := eksOpen(ctx, in, cfg, id)
	if err != nil {
		return cfg, flavor.Result{}, err
	}

	if err := w.here(); err != nil {
		return cfg, flavor.Result{}, err
	}

	w.site.Claim.Known = true
	result := flavor.Result{ID: id, Name: id}

	seen, err := eks.Cluster{Session: w.site.Session, Name: id}.Observe(ctx, w.site.Claim)
	if in.Managed && part.Kept(err) {
		return w.remains(ctx, result, err)
	}

	if errors.Is(err, backend.ErrForeign) || err == nil && !in.Managed {
		w.found, err = eks.Describe(ctx, w.site.Session, id)
	}

	if err != nil {
		return cfg, result, amazon.Worded(err)
	}

	if found, ok := seen.Facts.(eks.Found); ok {
		w.found = found
	}

	if result.Incarnation, err = w.incarnation(ctx); err != nil && !in.Managed {
		return cfg, result, amazon.Worded(err)
	}

	result.Version = w.found.Version

	if in.Managed {
		if result.Drift, err = w.observe(ctx, seen.Drift); err != nil {
			return cfg, result, amazon.Worded(err)
		}
	}

	result.Outputs = w.outputs()

	return w.cfg, result, nil
}

// remains looks for what is left of a cluster that is gone. Where something is, the cluster is made anew, or removed with it.
func (w *eksWork) remains(ctx context.Context, result flavor.Result, gone error) (eksConfig, flavor.Result, error) {
	if errors.Is(gone, backend.ErrForeign) {
		return w.cfg, result, flavor.Because(flavor.ErrNotFound, gone)
	}

	all := []part.Part{w.clusterRole(), w.nodeRole(), w.volumesRole()}

	if w.cfg.VPC == nil && w.cfg.CIDR != "" { // of what is imported nothing else is known
		all = append(all, w.network())
	}

	_, faults := w.look(ctx, all)

	for i, fault := range faults {
		switch {
		case part.Kept(fault):
		case fault != nil:
			return w.cfg, result, amazon.Worded(fault)
		default:
			result.Afresh, result.Outputs = true, w.outputs()
			result.Drift = append(result.Drift, fmt.Sprintf("cluster %q does not exist, and its %s does", w.name, all[i].What()))
		}
	}

	if !result.Afresh {
		return w.cfg, result, flavor.Because(flavor.ErrNotFound, gone)
	}

	return w.cfg, result, nil
}

// look observes parts at the same time: each costs calls.
func (w *eksWork) look(ctx context.Context, all []part.Part) ([]part.Seen, []error) {
	seen, faults := make([]part.Seen, len(all)), make([]error, len(all))

	var looks sync.WaitGroup
	for i, one := range all {
		looks.Go(func() { seen[i], faults[i] = one.Observe(ctx, w.site.Claim) })
	}

	looks.Wait()

	return seen, faults
}

// observe reads into the configuration what is there, and says what differs beside.
func (w *eksWork) observe(ctx context.Context, drift []string) ([]string, error) {
	imported := w.cfg.CIDR == ""
	if imported {
		if err := w.adopt(ctx); err != nil {
			return nil, err
		}
	}

	w.learn(imported)

	all := []part.Part{w.nodes(), w.clusterRole(), w.nodeRole(), w.issuer()}
	if w.cfg.VPC == nil {
		all = append(all, w.network())
	}

	if w.volumes() {
		all = append(all, w.volumesRole())
	}

	for _, addon := range w.addons(w.cfg) {
		all = append(all, addon)
	}

	seen, faults := w.look(ctx, all)

	for i, fault := range faults {
		switch {
		case errors.Is(fault, backend.ErrNotFound):
			drift = append(drift, all[i].What()+" does not exist")
		case errors.Is(fault, backend.ErrForeign):
			drift = append(drift, fault.Error())
		case fault != nil:
			return nil, fault
		default:
			drift = append(drift, seen[i].Drift...)
			w.note(all[i], seen[i].Facts)
		}
	}

	if err := w.noteEntries(ctx); err != nil {
		return nil, err
	}

	if imported {
		return nil, nil // nothing is known yet that it could differ from
	}

	return drift, nil
}
