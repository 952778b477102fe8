package cluster

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
)

// note reads what a part is like into the configuration.
func (w *eksWork) note(of part.Part, facts any) {
	switch found := facts.(type) {
	case eks.NodesFound:
		w.noteNodes(found)
	case eks.AddonFound:
		if addon, ok := of.(eks.Addon); ok && found.Configuration != addon.Configuration {
			w.cfg.AddonConfiguration = maps.Clone(w.cfg.AddonConfiguration)
			w.cfg.AddonConfiguration[addon.Name] = found.Configuration
		}
	case network.Layout:
		w.layout = found
	}
}

func (w *eksWork) noteNodes(found eks.NodesFound) {
	w.cfg.NodeGroup = eksNodes{
		InstanceTypes: kept(w.cfg.NodeGroup.InstanceTypes, found.InstanceTypes), Min: int64(found.Size.Min), Max: int64(found.Size.Max),
		Desired: int64(found.Size.Desired), DiskGB: int64(found.DiskGB), Capacity: found.Capacity, AMI: found.AMI,
	}
}

// noteEntries reads which administrators are let in.
func (w *eksWork) noteEntries(ctx context.Context) error {
	if len(w.cfg.Administrators) == 0 {
		return nil
	}

	all, err := eks.Entries(ctx, w.site.Session, w.name)
	if err != nil {
		return err
	}

	there := []string{}

	for _, principal := range w.cfg.Administrators {
		if slices.Contains(all, principal) {
			there = append(there, principal)
		}
	}

	w.cfg.Administrators = there

	return nil
}

// learn reads what the control plane is like into the configuration.
func (w *eksWork) learn(imported bool) {
	found := w.found

	if w.cfg.Version != "" || imported {
		w.cfg.Version = found.Version
	}

	w.cfg.Support, w.cfg.DeletionProtection, w.cfg.KMSKey = found.Support, found.DeletionProtection, found.KMSKey
	w.cfg.PublicCIDRs, w.cfg.Logs = kept(w.cfg.PublicCIDRs, found.PublicCIDRs), kept(w.cfg.Logs, found.Logs)
}

// kept is what was found, in the order in which it was written where it is the same; it is never null.
func kept(written, found []string) []string {
	if slices.Equal(slices.Sorted(slices.Values(written)), slices.Sorted(slices.Values(found))) && written != nil {
		return written
	}

	return append([]string{}, found...)
}

// adopt begins the configuration of an import: nothing but the name is known.
func (w *eksWork) adopt(ctx context.Context) error {
	w.cfg.CIDR, w.cfg.Zones, w.cfg.NAT = eksCIDR, eksZones, network.NATSingle
	w.cfg.Administrators, w.cfg.AddonConfiguration, w.cfg.Addons = []string{}, map[string]string{}, map[string]string{}
	w.cfg.NodeGroup = eksNodes{
		InstanceTypes: []string{eksInstance}, Min: eksMin, Max: eksMax, Desired: eksDesired, DiskGB: eksDiskGB, Capacity: eksCapacity, AMI: eksAMI,
	}

	nodes, ours, err := w.nodes().Learn(ctx, w.site.Claim)
	if err != nil {
		return err
	}

	if ours {
		w.noteNodes(nodes)
	}

	made, err := network.Learn(ctx, w.site.Session, w.site.Claim, w.name)

	switch {
	case errors.Is(err, backend.ErrNotFound): // somebody else's
		w.cfg.VPC = &eksVPC{SubnetIDs: w.found.Subnets, SecurityGroupIDs: append([]string{}, w.found.SecurityGroups...)}
	case err != nil:
		return err
	default:
		w.cfg.CIDR, w.cfg.Zones, w.cfg.NAT = made.CIDR, int64(made.Zones), made.NAT
	}

	names, err := eks.Addons(ctx, w.site.Session, w.name)
	for _, name := range names {
		w.cfg.Addons[name] = ""
	}

	return err
}
