package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// eksStep makes a part of the cluster.
type eksStep func(context.Context) (part.Made, error)

func (w *eksWork) converge(ctx context.Context, old eksConfig) (flavor.Result, error) {
	result := flavor.Result{Name: w.name}

	for _, step := range []eksStep{
		w.makeRoles, w.makeNetwork, w.makeCluster, w.makeEntries(old), w.makeIssuer, w.makeNodes, w.makeAddons(old), w.settle, w.leaveNodes,
	} {
		made, err := step(ctx)
		if made.Exists { // from here on something is there that must not be lost
			result.ID = w.name
		}

		result.Notices = append(result.Notices, made.Notices...)

		if err != nil {
			return result, eksTaken(err, w.name)
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
func eksTaken(err error, name string) error {
	if refused, ok := errors.AsType[*session.Error](err); ok && (session.Says(err, "Kubernetes version") || session.Says(err, "Kubernetes minor version")) {
		return &flavor.AttributeError{Attribute: []string{"version"}, Err: refused, Fix: "Choose another version: EKS goes up one minor version at a time."}
	}

	return amazon.Taken(err, "eks", name)
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

// leaveNodes removes the nodes that there were before, now that others have taken their place.
func (w *eksWork) leaveNodes(ctx context.Context) (part.Made, error) {
	return part.Made{}, w.nodes().Clear(ctx, w.site.Claim)
}
