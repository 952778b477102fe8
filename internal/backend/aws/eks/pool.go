package eks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Pool is the nodes of a cluster, which are one managed group. A group keeps its instance types, its image, the size of its
// volumes and the way in which it is paid for: for others another group is made, under a name that says so, and the one that
// there was goes once that runs.
type Pool struct {
	// Wanted is the group; its name is what the names of all of the pool's groups begin with.
	Wanted Nodes
}

var _ part.Part = Pool{}

// What names the group that is wanted.
func (p Pool) What() string { return p.group().What() }

// group is the wanted one under its own name.
func (p Pool) group() Nodes {
	n := p.Wanted
	n.Name = p.Name()

	return n
}

// Name is that of the wanted group, such as nodes-1b2f00c4.
func (p Pool) Name() string {
	kept, _ := json.Marshal([]any{p.Wanted.InstanceTypes, p.Wanted.AMI, p.Wanted.Capacity, p.Wanted.DiskGB}) //nolint:errchkjson // texts and numbers
	digest := sha256.Sum256(kept)

	return p.Wanted.Name + "-" + hex.EncodeToString(digest[:4])
}

// Ensure makes the wanted group, waits for it, and then removes those of the claimant that there were before.
func (p Pool) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	made, err := p.group().Ensure(ctx, claim)
	if err != nil {
		return made, err
	}

	return made, p.Clear(ctx, claim)
}

// Begin makes the wanted group, or brings it to what is wanted. It does not wait for one that it makes.
func (p Pool) Begin(ctx context.Context, claim part.Claim) (part.Made, error) {
	return p.group().Begin(ctx, claim)
}

// Settle waits until the nodes of the wanted group are there.
func (p Pool) Settle(ctx context.Context) error { return p.group().Settle(ctx) }

// Clear removes the groups of the claimant that are not the wanted one, and waits until they are gone.
func (p Pool) Clear(ctx context.Context, claim part.Claim) error {
	client, err := p.Wanted.Session.EKS(ctx)
	if err != nil {
		return err
	}

	others, err := p.others(ctx, client, claim)
	if err != nil {
		return err
	}

	for _, one := range others {
		if err := one.nodes.remove(ctx, client); err != nil {
			return err
		}
	}

	return nil
}

// Observe looks at the wanted group; the facts are a NodesFound. Others of the claimant are what a change has left that did
// not get to its end.
func (p Pool) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := p.Wanted.Session.EKS(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	seen, err := p.group().Observe(ctx, claim)
	if err != nil {
		return seen, err
	}

	others, err := p.others(ctx, client, claim)
	for _, one := range others {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s is left beside %s, from a change of nodes that was interrupted", one.nodes.What(), p.What()))
	}

	return seen, err
}

// Learn finds the group that the claimant has, whatever it is like: one that runs where there are several. false says that
// there is none.
func (p Pool) Learn(ctx context.Context, claim part.Claim) (NodesFound, bool, error) {
	client, err := p.Wanted.Session.EKS(ctx)
	if err != nil {
		return NodesFound{}, false, err
	}

	all, err := p.find(ctx, client, claim, func(string) bool { return true })
	if err != nil || len(all) == 0 {
		return NodesFound{}, false, err
	}

	at := slices.IndexFunc(all, func(one former) bool { return one.found.Status == string(types.NodegroupStatusActive) })

	return all[max(at, 0)].found, true, nil
}

// Remove deletes all groups of the claimant, and waits until they are gone.
func (p Pool) Remove(ctx context.Context, claim part.Claim) error {
	if err := p.Clear(ctx, claim); err != nil {
		return err
	}

	return p.group().Remove(ctx, claim)
}

// former is a group that is there.
type former struct {
	nodes Nodes
	found NodesFound
}

// others are the claimant's groups except for the wanted one.
func (p Pool) others(ctx context.Context, client *eks.Client, claim part.Claim) ([]former, error) {
	return p.find(ctx, client, claim, func(name string) bool { return name != p.Name() })
}

// find looks at the claimant's groups. Their tags have to say so: others may have groups in the cluster too.
func (p Pool) find(ctx context.Context, client *eks.Client, claim part.Claim, wanted func(name string) bool) ([]former, error) {
	names, err := p.names(ctx, client)
	if err != nil {
		return nil, err
	}

	claim.Known, claim.Anyone = false, false

	var all []former

	for _, name := range names {
		if !wanted(name) {
			continue
		}

		one := former{nodes: p.Wanted}
		one.nodes.Name = name

		one.found, err = one.nodes.describe(ctx, client)

		switch {
		case errors.Is(err, backend.ErrNotFound):
		case err != nil:
			return nil, err
		case claim.Owns(one.found.Tags):
			all = append(all, one)
		}
	}

	return all, nil
}

// names lists the groups that are called like ours. Others are not looked at.
func (p Pool) names(ctx context.Context, client *eks.Client) ([]string, error) {
	var all []string

	pages := eks.NewListNodegroupsPaginator(client, &eks.ListNodegroupsInput{ClusterName: aws.String(p.Wanted.Cluster)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if session.Is(err, gone) { // the cluster itself
			return nil, nil
		}

		if err != nil {
			return nil, session.Worded(err, "list the node groups of cluster %q", p.Wanted.Cluster)
		}

		for _, name := range page.Nodegroups {
			if name == p.Wanted.Name || strings.HasPrefix(name, p.Wanted.Name+"-") {
				all = append(all, name)
			}
		}
	}

	return all, nil
}
