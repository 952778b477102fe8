// Package network is the network that a cluster in AWS runs in: a VPC with subnets in several zones, and the ways out of it.
package network

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// How private subnets get out.
const (
	// NATSingle is one gateway for all zones: cheap, and gone with its zone.
	NATSingle = "single"
	// NATEach is one gateway in each zone.
	NATEach = "one_per_zone"
	// NATNone means that there are no private subnets: nodes are in public ones and have addresses of their own.
	NATNone = "none"
)

var (
	// Pace is how often something is looked at that takes minutes.
	Pace = 5 * time.Second
	// Patience is how long what others have made in the network is waited for when it is removed.
	Patience = 10 * time.Minute
)

// Network is a network as a cluster wants it. Its objects are found by their tags: EC2 knows them by numbers of its own.
type Network struct {
	Session *session.Session
	// Name is that of the cluster; everything is called after it.
	Name string
	// CIDR is the range of the VPC, such as 10.0.0.0/16.
	CIDR string
	// Zones is in how many availability zones there are subnets.
	Zones int
	// NAT is NATSingle, NATEach or NATNone.
	NAT string
	// ID is that of the VPC, where it is known; its tags are not needed then to find it.
	ID string
}

var _ part.Part = Network{}

// Layout is what a cluster needs to know of its network.
type Layout struct {
	VPC string
	// Public and Private are subnets, in the order of their zones.
	Public, Private []string
}

// Nodes are the subnets for nodes.
func (l Layout) Nodes() []string {
	if len(l.Private) > 0 {
		return l.Private
	}

	return l.Public
}

// All are all subnets, those for nodes first.
func (l Layout) All() []string { return append(append([]string{}, l.Private...), l.Public...) }

// What names the network.
func (n Network) What() string { return fmt.Sprintf("network of cluster %q", n.Name) }

// worker is a network at work, for one operation.
type worker struct {
	Network

	ec2   *ec2.Client
	claim part.Claim
}

func (n Network) work(ctx context.Context, claim part.Claim) (worker, error) {
	client, err := n.Session.EC2(ctx)

	return worker{Network: n, ec2: client, claim: claim}, err
}

// Ensure makes what of the network is not there.
func (n Network) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	_, made, err := n.Lay(ctx, claim)

	return made, err
}

// Lay is Ensure, and tells what the cluster needs to know.
func (n Network) Lay(ctx context.Context, claim part.Claim) (Layout, part.Made, error) {
	w, err := n.work(ctx, claim)
	if err != nil {
		return Layout{}, part.Made{}, err
	}

	subnets, err := n.subnets()
	if err != nil {
		return Layout{}, part.Made{}, err
	}

	found, err := w.take(ctx)
	if err != nil {
		return Layout{}, part.Made{Exists: found.any()}, err
	}

	made := part.Made{Exists: true}

	for _, step := range []func(context.Context, *inventory, []subnet) error{
		w.vpc, w.makeSubnets, w.gateway, w.publicRoutes, w.nats, w.privateRoutes, w.retag,
	} {
		if err := step(ctx, found, subnets); err != nil {
			made.Exists = found.any()

			return Layout{}, made, err
		}
	}

	return found.layout(subnets), made, nil
}

// Observe looks at the network; the facts are a Layout.
func (n Network) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	w, err := n.work(ctx, claim)
	if err != nil {
		return part.Seen{}, err
	}

	subnets, err := n.subnets()
	if err != nil {
		return part.Seen{}, err
	}

	found, err := w.take(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	if found.id() == "" {
		return part.Seen{}, fmt.Errorf("%s %w", n.What(), backend.ErrNotFound)
	}

	return part.Seen{Tags: tagMap(found.vpcs[0].Tags), Drift: w.drift(found, subnets), Facts: found.layout(subnets)}, nil
}
