package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
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

	w.found = found

	result, err := w.converge(ctx, old)
	if err != nil {
		result.ID = "" // the old state stays, and the next apply starts from there
	}

	// The version is planned before anybody knows the new one; the next read tells it.
	result.Version = ""

	return result, err
}

// eksStep makes a part of the cluster.
type eksStep func(context.Context) (part.Made, error)

func (w *eksWork) converge(ctx context.Context, old eksConfig) (flavor.Result, error) {
	result := flavor.Result{Name: w.name}

	for _, step := range []eksStep{
		w.makeRoles, w.makeNetwork, w.makeCluster, w.makeEntries(old), w.makeIssuer, w.makeNodes, w.makeAddons(old), w.settle,
	} {
		made, err := step(ctx)
		if made.Exists { // from here on something is there that must not be lost
			result.ID = w.name
		}

		result.Notices = append(result.Notices, made.Notices...)

		if err != nil {
			return result, eksTaken(err, w.site.Input, w.name)
		}
	}

	incarnation, err := w.identify(ctx)
	if err != nil {
		result.Notices = append(result.Notices, fmt.Sprintf("The cluster runs, and its API does not let us in from here: %s. What is to live in it needs a way there: "+
			"endpoint_public_access_cidrs, or a machine inside of its network.", err))
	}

	result.Incarnation, result.Version, result.Outputs = incarnation, w.found.Version, w.outputs()

	return result, nil
}

// eksTaken says what to do about what AWS refused.
func eksTaken(err error, in flavor.Input, name string) error {
	if refused, ok := errors.AsType[*session.Error](err); ok && session.Says(err, "Kubernetes version") {
		return &flavor.AttributeError{Attribute: []string{"version"}, Err: refused, Fix: "Choose another version: EKS goes up one minor version at a time."}
	}

	return amazon.Taken(err, in, "eks", name)
}

func (w *eksWork) makeRoles(ctx context.Context) (part.Made, error) {
	all := []part.Part{w.clusterRole(), w.nodeRole()}
	if w.volumes() {
		all = append(all, w.volumesRole())
	}

	return w.ensure(ctx, all...)
}

// ensure makes several parts.
func (w *eksWork) ensure(ctx context.Context, all ...part.Part) (part.Made, error) {
	together := part.Made{}

	for _, one := range all {
		made, err := one.Ensure(ctx, w.site.Claim)
		together.Exists = together.Exists || made.Exists
		together.Notices = append(together.Notices, made.Notices...)

		if err != nil {
			return together, err
		}
	}

	return together, nil
}

func (w *eksWork) makeNetwork(ctx context.Context) (part.Made, error) {
	if w.cfg.VPC != nil {
		w.layout = network.Layout{Private: w.cfg.VPC.SubnetIDs}

		return part.Made{}, nil
	}

	layout, made, err := w.network().Lay(ctx, w.site.Claim)
	w.layout = layout

	return made, err
}

func (w *eksWork) makeCluster(ctx context.Context) (part.Made, error) {
	account, err := w.site.Account(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if w.caller, err = eks.Principal(ctx, w.site.Session, account.Caller); err != nil {
		return part.Made{}, err
	}

	made, err := w.controlPlane().Ensure(ctx, w.site.Claim)
	if err != nil {
		return made, err
	}

	w.found, err = eks.Describe(ctx, w.site.Session, w.name)

	return made, err
}

// makeEntries lets in who makes the cluster, and its administrators; who is none any more is let out.
func (w *eksWork) makeEntries(old eksConfig) eksStep {
	return func(ctx context.Context) (part.Made, error) {
		wanted := slices.Clone(w.cfg.Administrators)
		if w.caller != "" && !slices.Contains(wanted, w.caller) {
			wanted = append(wanted, w.caller)
		}

		for _, principal := range wanted {
			if made, err := w.entry(principal).Ensure(ctx, w.site.Claim); err != nil {
				return made, err
			}
		}

		for _, principal := range old.Administrators {
			if slices.Contains(wanted, principal) {
				continue
			}

			if err := w.entry(principal).Remove(ctx, w.site.Claim); err != nil {
				return part.Made{}, err
			}
		}

		return part.Made{}, nil
	}
}

func (w *eksWork) makeIssuer(ctx context.Context) (part.Made, error) {
	return w.issuer().Ensure(ctx, w.site.Claim)
}

func (w *eksWork) makeNodes(ctx context.Context) (part.Made, error) {
	return w.nodes().Begin(ctx, w.site.Claim)
}

// makeAddons makes the add-ons while the nodes come up, and removes those that are wanted no longer.
func (w *eksWork) makeAddons(old eksConfig) eksStep {
	return func(ctx context.Context) (part.Made, error) {
		for _, addon := range w.addons(w.cfg) {
			if made, err := addon.Begin(ctx, w.site.Claim); err != nil {
				return made, err
			}
		}

		for _, addon := range slices.Backward(w.addons(old)) {
			if _, wanted := w.cfg.Addons[addon.Name]; wanted {
				continue
			}

			if err := addon.Remove(ctx, w.site.Claim); err != nil {
				return part.Made{}, err
			}
		}

		if old.Addons == nil || w.volumes() { // a new cluster, or one with its driver
			return part.Made{}, nil
		}

		return part.Made{}, w.volumesRole().Remove(ctx, w.site.Claim)
	}
}

// settle waits until nodes and add-ons are there.
func (w *eksWork) settle(ctx context.Context) (part.Made, error) {
	if err := w.nodes().Settle(ctx); err != nil {
		return part.Made{}, err
	}

	for _, addon := range w.addons(w.cfg) {
		if err := addon.Settle(ctx); err != nil {
			return part.Made{}, err
		}
	}

	return part.Made{}, nil
}

// Delete removes the cluster with all that belongs to it.
func (eksDriver) Delete(ctx context.Context, in flavor.Input, id string, cfg eksConfig) error {
	w, err := eksOpen(ctx, in, cfg, id)
	if err != nil {
		return err
	}

	if err := w.here(); err != nil {
		return err
	}

	w.site.Claim.Known = true

	found, err := eks.Describe(ctx, w.site.Session, id)

	switch {
	case errors.Is(err, backend.ErrNotFound): // what is around it may be left
	case err != nil:
		return amazon.Worded(err)
	case !w.site.Claim.Owns(found.Tags):
		return nil
	case found.DeletionProtection:
		return &flavor.AttributeError{
			Attribute: []string{"deletion_protection"}, Err: fmt.Errorf("cluster %q is protected from deletion", id),
			Fix: "Nothing was deleted. Set deletion_protection = false, apply that, and destroy again.",
		}
	}

	w.found = found

	return w.remove(ctx)
}

func (w *eksWork) remove(ctx context.Context) error {
	all := []part.Part{w.volumesRole(), w.nodeRole(), w.clusterRole()}
	if w.cfg.VPC == nil {
		all = append(all, w.network())
	}

	all = append(all, w.controlPlane(), w.nodes(), w.issuer()) // in the end the last one goes first

	for _, one := range slices.Backward(all) {
		if err := one.Remove(ctx, w.site.Claim); err != nil {
			return eksBlocked(err)
		}
	}

	return nil
}

// eksBlocked says what to do about what others still have in the network.
func eksBlocked(err error) error {
	if blocked, ok := errors.AsType[*network.BlockedError](err); ok {
		return &flavor.AttributeError{Err: err, Fix: fmt.Sprintf("The cluster itself is gone. Something that it made, such as the load balancer of a Service, or somebody else "+
			"still uses VPC %s: delete %s, then destroy again.", blocked.VPC, strings.Join(blocked.Names, " and "))}
	}

	return amazon.Worded(err)
}

// here refuses a login to another account than the cluster is in: there it never was.
func (w *eksWork) here() error {
	if recorded := w.site.Input.Outputs["account"]; recorded != "" && recorded != w.account {
		return &flavor.AttributeError{
			Err: fmt.Errorf("cluster %q is in account %s, and the login is that of account %s", w.name, recorded, w.account),
			Fix: "Log in to the account that it is in. aws.allowed_account_ids guards against this.",
		}
	}

	return nil
}
