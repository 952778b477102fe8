package cluster

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/eks"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/cluster"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// EKSPatience is how long the API of a new cluster may take to let us in: its name has to get around, and so has the entry.
var EKSPatience = 3 * time.Minute

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

// note reads what a part is like into the configuration.
func (w *eksWork) note(of part.Part, facts any) {
	switch found := facts.(type) {
	case eks.NodesFound:
		w.cfg.NodeGroup = eksNodes{
			InstanceTypes: kept(w.cfg.NodeGroup.InstanceTypes, found.InstanceTypes), Min: int64(found.Size.Min), Max: int64(found.Size.Max),
			Desired: int64(found.Size.Desired), DiskGB: int64(found.DiskGB), Capacity: found.Capacity, AMI: found.AMI,
		}
	case eks.AddonFound:
		if addon, ok := of.(eks.Addon); ok && found.Configuration != addon.Configuration {
			w.cfg.AddonConfiguration = maps.Clone(w.cfg.AddonConfiguration)
			w.cfg.AddonConfiguration[addon.Name] = found.Configuration
		}
	case network.Layout:
		w.layout = found
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

// incarnation tells this making of the cluster from another of the name: its tags do once they were written, otherwise the
// cluster itself.
func (w *eksWork) incarnation(ctx context.Context) (string, error) {
	if known := w.found.Tags[session.TagIncarnation]; known != "" {
		return known, nil
	}

	config, err := cluster.EKS(ctx, w.site.Session, w.name, w.found)
	if err != nil {
		return "", err
	}

	opened, err := kube.New(config)
	if err != nil {
		return "", err
	}

	return opened.Incarnation(ctx)
}

// identify is incarnation for a cluster that was just made, and writes it into its tags.
func (w *eksWork) identify(ctx context.Context) (string, error) {
	var (
		deadline    = time.Now().Add(EKSPatience)
		incarnation string
		last        error
	)

	err := session.Until(ctx, time.Second, eks.Pace, func() (bool, error) {
		incarnation, last = w.incarnation(ctx)

		return last == nil || time.Now().After(deadline), nil
	})
	if err = cmp.Or(last, err); err != nil || w.found.Tags[session.TagIncarnation] != "" {
		return incarnation, err
	}

	return incarnation, eks.Mark(ctx, w.site.Session, w.found, incarnation)
}

// outputs are what others need to know.
func (w *eksWork) outputs() map[string]string {
	issuer := w.issuer()
	outputs := map[string]string{
		"region": w.site.Region, "account": w.account, "arn": w.found.ARN, "host": w.found.Endpoint, "vpc_id": w.found.VPC,
		"subnet_ids": strings.Join(w.found.Subnets, ","), "security_group_id": w.found.SecurityGroup, "cluster_role_arn": w.found.RoleARN,
		"node_role_arn": "", "oidc_issuer": issuer.URL, "oidc_provider_arn": issuer.ARN(),
	}

	if w.site.Input.Managed {
		outputs["node_role_arn"] = w.roleARN(w.roleName("eks-nodes"))
	}

	if w.found.ARN == "" { // it is gone, and what it was known by is still needed
		for _, name := range []string{"arn", "vpc_id"} {
			outputs[name] = w.site.Input.Outputs[name]
		}
	}

	return outputs
}
