package cluster

import (
	"context"
	"errors"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

type eksDriver struct{}

// eksWork is a cluster at work, for one operation.
type eksWork struct {
	site amazon.Site
	cfg  eksConfig
	// name is the cluster's own, in EKS.
	name string
	// account and partition say whose it is; caller is who gets in as its administrator, empty where no entry can be made.
	account, partition, caller string
	layout                     network.Layout
	// found is the cluster as it was seen last.
	found eks.Found
}

// eksOpen opens the login. Whose it is costs a call, once.
func eksOpen(ctx context.Context, in flavor.Input, cfg eksConfig, name string) (*eksWork, error) {
	site, err := amazon.Enter(ctx, in, "eks", cfg.Region)
	if err != nil {
		return nil, err
	}

	account, err := site.Account(ctx)
	if err != nil {
		return nil, amazon.Worded(err)
	}

	site.Claim.Name = name

	return &eksWork{site: site, cfg: cfg, name: name, account: account.ID, partition: account.Partition}, nil
}

// Locate is the cluster's name.
func (eksDriver) Locate(in flavor.Input, _ eksConfig) (string, error) { return in.Name, nil }

// Create makes the cluster with all that belongs to it, or finishes what a run that was killed has left of it.
func (eksDriver) Create(ctx context.Context, in flavor.Input, cfg eksConfig) (flavor.Result, error) {
	if cfg.Version == "" {
		cfg.Version = naming.NewestEKSVersion()
	}

	w, err := eksOpen(ctx, in, cfg, in.Name)
	if err != nil {
		return flavor.Result{}, err
	}

	w.site.Claim.Incarnation = ""

	return w.converge(ctx, eksConfig{})
}

// Update brings the cluster to what is wanted.
func (eksDriver) Update(ctx context.Context, in flavor.Input, id string, old, cfg eksConfig) (flavor.Result, error) {
	w, err := eksOpen(ctx, in, cfg, id)
	if err != nil {
		return flavor.Result{}, err
	}

	w.site.Claim.Known, w.site.Claim.Former = true, in.FormerLabels

	found, err := eks.Describe(ctx, w.site.Session, id)
	if errors.Is(err, backend.ErrNotFound) { // it was deleted, and what was around it is left: it is made anew
		w.site.Claim.Known, w.site.Claim.Incarnation = false, ""

		if cfg.Version == "" {
			w.cfg.Version = naming.NewestEKSVersion()
		}
	} else if err != nil {
		return flavor.Result{}, amazon.Worded(err)
	}

	if err := reachable(found.Version, cfg.Version); err != nil { // before anything is changed
		return flavor.Result{}, err
	}

	w.found = found

	result, err := w.converge(ctx, old)
	if err != nil {
		result.ID = "" // the old state stays, and the next apply starts from there
	}

	return result, err
}
