package network

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// TagPart tells the objects of a network apart.
const TagPart = "mlstacks:part"

// inventory is what there is of a network. A creation whose answer was lost may have left an object twice: the first one
// counts, and all of them are removed in the end.
type inventory struct {
	vpcs      []types.Vpc
	subnets   []types.Subnet
	internet  []types.InternetGateway
	addresses []types.Address
	gateways  []types.NatGateway
	tables    []types.RouteTable
}

func (i *inventory) id() string {
	if len(i.vpcs) == 0 {
		return ""
	}

	return aws.ToString(i.vpcs[0].VpcId)
}

// any says that something is there.
func (i *inventory) any() bool {
	return i != nil && len(i.vpcs)+len(i.subnets)+len(i.internet)+len(i.addresses)+len(i.gateways)+len(i.tables) > 0
}

func (i *inventory) subnet(part string) *types.Subnet {
	return first(i.subnets, part, func(s types.Subnet) []types.Tag { return s.Tags })
}

func (i *inventory) address(part string) *types.Address {
	return first(i.addresses, part, func(a types.Address) []types.Tag { return a.Tags })
}

func (i *inventory) nat(part string) *types.NatGateway {
	return first(i.gateways, part, func(g types.NatGateway) []types.Tag { return g.Tags })
}

func (i *inventory) table(part string) *types.RouteTable {
	return first(i.tables, part, func(t types.RouteTable) []types.Tag { return t.Tags })
}

func first[T any](among []T, part string, tags func(T) []types.Tag) *T {
	for at := range among {
		if tagMap(tags(among[at]))[TagPart] == part {
			return &among[at]
		}
	}

	return nil
}

func (i *inventory) layout(subnets []subnet) Layout {
	layout := Layout{VPC: i.id()}

	for _, wanted := range subnets {
		found := i.subnet(wanted.part)

		switch {
		case found == nil:
		case wanted.public:
			layout.Public = append(layout.Public, aws.ToString(found.SubnetId))
		default:
			layout.Private = append(layout.Private, aws.ToString(found.SubnetId))
		}
	}

	return layout
}

// take finds what there is. Without a VPC there can be nothing else but addresses, which are in none.
func (w worker) take(ctx context.Context) (*inventory, error) {
	found := &inventory{}

	if err := w.takeVPCs(ctx, found); err != nil {
		return found, err
	}

	if err := w.takeAddresses(ctx, found); err != nil || len(found.vpcs) == 0 {
		return found, err
	}

	for _, step := range []func(context.Context, *inventory) error{w.takeSubnets, w.takeInternet, w.takeGateways, w.takeTables} {
		if err := step(ctx, found); err != nil {
			return found, err
		}
	}

	return found, nil
}

// owned are the filters for what the owner has.
func (w worker) owned() []types.Filter {
	return []types.Filter{
		filter("tag:"+session.TagKind, w.claim.Kind), filter("tag:"+session.TagFlavor, w.claim.Flavor), filter("tag:"+session.TagName, w.Name),
	}
}

func filter(name string, values ...string) types.Filter {
	return types.Filter{Name: aws.String(name), Values: values}
}

// ours leaves what belongs to the claimant. A VPC that the state knows is it even without tags.
func (w worker) ours(tags []types.Tag) bool {
	all := tagMap(tags)
	if _, marked := session.Owner(all); !marked {
		return false
	}

	return w.claim.Owns(all)
}

func (w worker) takeVPCs(ctx context.Context, found *inventory) error {
	answer, err := w.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: w.owned()})
	if err != nil {
		return session.Worded(err, "look for the VPC of cluster %q", w.Name)
	}

	for _, vpc := range answer.Vpcs {
		if w.ours(vpc.Tags) {
			found.vpcs = append(found.vpcs, vpc)
		}
	}

	if len(found.vpcs) > 0 || w.ID == "" || !w.claim.Known {
		return nil
	}

	answer, err = w.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{w.ID}})
	if session.Is(err, "InvalidVpcID.NotFound") {
		return nil
	}

	if err != nil {
		return session.Worded(err, "look for VPC %q", w.ID)
	}

	for _, vpc := range answer.Vpcs {
		if w.claim.Owns(tagMap(vpc.Tags)) {
			found.vpcs = append(found.vpcs, vpc)
		}
	}

	return nil
}

func (w worker) takeAddresses(ctx context.Context, found *inventory) error {
	answer, err := w.ec2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: w.owned()})
	if err != nil {
		return session.Worded(err, "look for the addresses of cluster %q", w.Name)
	}

	for _, address := range answer.Addresses {
		if w.ours(address.Tags) {
			found.addresses = append(found.addresses, address)
		}
	}

	return nil
}

func (w worker) takeSubnets(ctx context.Context, found *inventory) error {
	pages := ec2.NewDescribeSubnetsPaginator(w.ec2, &ec2.DescribeSubnetsInput{Filters: w.owned()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return session.Worded(err, "look for the subnets of cluster %q", w.Name)
		}

		for _, one := range page.Subnets {
			if w.ours(one.Tags) {
				found.subnets = append(found.subnets, one)
			}
		}
	}

	return nil
}

func (w worker) takeInternet(ctx context.Context, found *inventory) error {
	answer, err := w.ec2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{Filters: w.owned()})
	if err != nil {
		return session.Worded(err, "look for the internet gateway of cluster %q", w.Name)
	}

	for _, one := range answer.InternetGateways {
		if w.ours(one.Tags) {
			found.internet = append(found.internet, one)
		}
	}

	// One that is attached already is the one that was made last.
	slices.SortStableFunc(found.internet, func(a, b types.InternetGateway) int { return len(b.Attachments) - len(a.Attachments) })

	return nil
}

func (w worker) takeGateways(ctx context.Context, found *inventory) error {
	pages := ec2.NewDescribeNatGatewaysPaginator(w.ec2, &ec2.DescribeNatGatewaysInput{Filter: w.owned()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return session.Worded(err, "look for the NAT gateways of cluster %q", w.Name)
		}

		for _, one := range page.NatGateways {
			if w.ours(one.Tags) && one.State != types.NatGatewayStateDeleted { // they are shown for an hour
				found.gateways = append(found.gateways, one)
			}
		}
	}

	return nil
}

func (w worker) takeTables(ctx context.Context, found *inventory) error {
	pages := ec2.NewDescribeRouteTablesPaginator(w.ec2, &ec2.DescribeRouteTablesInput{Filters: w.owned()})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return session.Worded(err, "look for the route tables of cluster %q", w.Name)
		}

		for _, one := range page.RouteTables {
			if w.ours(one.Tags) {
				found.tables = append(found.tables, one)
			}
		}
	}

	return nil
}

// Learn tells what the network of a cluster is like that was made here: backend.ErrNotFound where none was.
func Learn(ctx context.Context, s *session.Session, claim part.Claim, name string) (Network, error) {
	n := Network{Session: s, Name: name}

	w, err := n.work(ctx, claim)
	if err != nil {
		return n, err
	}

	found, err := w.take(ctx)
	if err != nil {
		return n, err
	}

	if found.id() == "" {
		return n, fmt.Errorf("%s %w", n.What(), backend.ErrNotFound)
	}

	n.ID, n.CIDR, n.NAT = found.id(), aws.ToString(found.vpcs[0].CidrBlock), NATSingle

	for found.subnet("public-"+strconv.Itoa(n.Zones)) != nil {
		n.Zones++
	}

	switch {
	case found.subnet("private-0") == nil:
		n.NAT = NATNone
	case found.nat(natPart(1)) != nil:
		n.NAT = NATEach
	}

	return n, nil
}
