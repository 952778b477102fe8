package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

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

	if w.found.ARN != "" { // what is in a cluster is gone with it
		all = append(all, w.controlPlane(), w.nodes())
	}

	all = append(all, w.issuer()) // in the end the last one goes first

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
