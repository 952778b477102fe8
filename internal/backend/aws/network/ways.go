package network

import (
	"context"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// anywhere is the destination of ways out.
const anywhere = "0.0.0.0/0"

// gateway makes the internet gateway, and attaches it.
func (w worker) gateway(ctx context.Context, found *inventory, _ []subnet) error {
	if len(found.internet) == 0 {
		made, err := once(ctx, func() (*types.InternetGateway, error) {
			answer, err := w.ec2.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{
				TagSpecifications: w.specification(types.ResourceTypeInternetGateway, ""),
			}, alone)
			if err != nil {
				return nil, err
			}

			return answer.InternetGateway, nil
		}, func() (*types.InternetGateway, error) {
			again := &inventory{}
			err := w.takeInternet(ctx, again)

			return firstOf(again.internet), err
		})
		if err != nil {
			return session.Worded(err, "create the internet gateway of cluster %q", w.Name)
		}

		found.internet = append(found.internet, *made)
	}

	if len(found.internet[0].Attachments) > 0 {
		return nil
	}

	err := settled(ctx, func() error {
		_, err := w.ec2.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{
			InternetGatewayId: found.internet[0].InternetGatewayId, VpcId: aws.String(found.id()),
		})
		if session.Is(err, "Resource.AlreadyAssociated") {
			return nil
		}

		return err
	})

	return session.Worded(err, "attach the internet gateway of cluster %q", w.Name)
}

func (w worker) publicRoutes(ctx context.Context, found *inventory, subnets []subnet) error {
	return w.route(ctx, found, "public", types.Route{GatewayId: found.internet[0].InternetGatewayId}, func(s subnet) bool { return s.public }, subnets)
}

func (w worker) privateRoutes(ctx context.Context, found *inventory, subnets []subnet) error {
	for number, part := range w.gateways() {
		err := w.route(ctx, found, "private-"+strconv.Itoa(number), types.Route{NatGatewayId: found.nat(part).NatGatewayId}, func(s subnet) bool {
			return !s.public && w.outOf(s.zone) == number
		}, subnets)
		if err != nil {
			return err
		}
	}

	return nil
}

// route makes a table with one way out, for those subnets that use it.
func (w worker) route(ctx context.Context, found *inventory, part string, out types.Route, uses func(subnet) bool, subnets []subnet) error {
	if found.table(part) == nil {
		made, err := once(ctx, func() (*types.RouteTable, error) {
			answer, err := w.ec2.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{
				VpcId: aws.String(found.id()), TagSpecifications: w.specification(types.ResourceTypeRouteTable, part),
			}, alone)
			if err != nil {
				return nil, err
			}

			return answer.RouteTable, nil
		}, func() (*types.RouteTable, error) {
			again := &inventory{}
			err := w.takeTables(ctx, again)

			return again.table(part), err
		})
		if err != nil {
			return session.Worded(err, "create route table %s of cluster %q", part, w.Name)
		}

		found.tables = append(found.tables, *made)
	}

	table := found.table(part)

	if err := w.lead(ctx, table, out); err != nil {
		return session.Worded(err, "lead route table %s of cluster %q out", part, w.Name)
	}

	for _, one := range subnets {
		if !uses(one) || associated(table, found.subnet(one.part)) {
			continue
		}

		err := settled(ctx, func() error {
			_, err := w.ec2.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{
				RouteTableId: table.RouteTableId, SubnetId: found.subnet(one.part).SubnetId,
			})

			return err
		})
		if err != nil {
			return session.Worded(err, "associate subnet %s of cluster %q with its route table", one.part, w.Name)
		}
	}

	return nil
}

// lead gives a table its way out, in the place of one that leads nowhere.
func (w worker) lead(ctx context.Context, table *types.RouteTable, out types.Route) error {
	there := wayOut(table)

	return settled(ctx, func() error {
		var err error

		switch {
		case there == nil:
			_, err = w.ec2.CreateRoute(ctx, &ec2.CreateRouteInput{
				RouteTableId: table.RouteTableId, DestinationCidrBlock: aws.String(anywhere), GatewayId: out.GatewayId, NatGatewayId: out.NatGatewayId,
			})
			if session.Is(err, "RouteAlreadyExists") { // the answer was lost
				err = nil
			}
		case !leads(there, out):
			_, err = w.ec2.ReplaceRoute(ctx, &ec2.ReplaceRouteInput{
				RouteTableId: table.RouteTableId, DestinationCidrBlock: aws.String(anywhere), GatewayId: out.GatewayId, NatGatewayId: out.NatGatewayId,
			})
		}

		return err
	})
}

func wayOut(table *types.RouteTable) *types.Route {
	for at := range table.Routes {
		if aws.ToString(table.Routes[at].DestinationCidrBlock) == anywhere {
			return &table.Routes[at]
		}
	}

	return nil
}

func leads(there *types.Route, out types.Route) bool {
	return there != nil && there.State != types.RouteStateBlackhole &&
		aws.ToString(there.GatewayId) == aws.ToString(out.GatewayId) && aws.ToString(there.NatGatewayId) == aws.ToString(out.NatGatewayId)
}

func associated(table *types.RouteTable, with *types.Subnet) bool {
	for _, one := range table.Associations {
		if with != nil && aws.ToString(one.SubnetId) == aws.ToString(with.SubnetId) {
			return true
		}
	}

	return false
}

// nats makes the NAT gateways, each with an address, and waits for them: nothing can be routed to one before.
func (w worker) nats(ctx context.Context, found *inventory, _ []subnet) error {
	for number, part := range w.gateways() {
		if err := w.nat(ctx, found, number, part); err != nil {
			return err
		}
	}

	for _, part := range w.gateways() {
		if err := w.available(ctx, found.nat(part)); err != nil {
			return err
		}
	}

	return nil
}

func (w worker) nat(ctx context.Context, found *inventory, number int, part string) error {
	if there := found.nat(part); there != nil {
		if there.State == types.NatGatewayStatePending || there.State == types.NatGatewayStateAvailable {
			return nil
		}

		if err := w.discard(ctx, found, there); err != nil { // it failed, and its address is free again
			return err
		}
	}

	if err := w.allocate(ctx, found, part); err != nil {
		return err
	}

	made, err := once(ctx, func() (*types.NatGateway, error) {
		answer, err := w.ec2.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{
			SubnetId: found.subnet("public-" + strconv.Itoa(number)).SubnetId, AllocationId: found.address(part).AllocationId,
			TagSpecifications: w.specification(types.ResourceTypeNatgateway, part),
		}, alone)
		if err != nil {
			return nil, err
		}

		return answer.NatGateway, nil
	}, func() (*types.NatGateway, error) {
		again := &inventory{}
		err := w.takeGateways(ctx, again)

		return again.nat(part), err
	})
	if err != nil {
		return session.Worded(err, "create the NAT gateway %s of cluster %q", part, w.Name)
	}

	found.gateways = append(found.gateways, *made)

	return nil
}

func (w worker) allocate(ctx context.Context, found *inventory, part string) error {
	if found.address(part) != nil {
		return nil
	}

	made, err := once(ctx, func() (*types.Address, error) {
		answer, err := w.ec2.AllocateAddress(ctx, &ec2.AllocateAddressInput{
			Domain: types.DomainTypeVpc, TagSpecifications: w.specification(types.ResourceTypeElasticIp, part),
		}, alone)
		if err != nil {
			return nil, err
		}

		return &types.Address{AllocationId: answer.AllocationId, PublicIp: answer.PublicIp, Tags: tagList(w.tags(types.ResourceTypeElasticIp, part))}, nil
	}, func() (*types.Address, error) {
		again := &inventory{}
		err := w.takeAddresses(ctx, again)

		return again.address(part), err
	})
	if err != nil {
		return session.Worded(err, "allocate the address %s of cluster %q", part, w.Name)
	}

	found.addresses = append(found.addresses, *made)

	return nil
}

// available waits for a NAT gateway.
func (w worker) available(ctx context.Context, gateway *types.NatGateway) error {
	if gateway.State == types.NatGatewayStateAvailable {
		return nil
	}

	return session.Until(ctx, Pace, Pace, func() (bool, error) {
		now, err := w.look(ctx, gateway)

		switch {
		case soon(err):
			return false, nil
		case err != nil:
			return false, session.Worded(err, "wait for NAT gateway %q", aws.ToString(gateway.NatGatewayId))
		case now.State == types.NatGatewayStateFailed:
			return false, fmt.Errorf("create NAT gateway %q of cluster %q: AWS said %s: %s", aws.ToString(gateway.NatGatewayId), w.Name,
				aws.ToString(now.FailureCode), aws.ToString(now.FailureMessage))
		default:
			return now.State == types.NatGatewayStateAvailable, nil
		}
	})
}

func (w worker) look(ctx context.Context, gateway *types.NatGateway) (types.NatGateway, error) {
	answer, err := w.ec2.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{aws.ToString(gateway.NatGatewayId)}})
	if err != nil {
		return types.NatGateway{}, err
	}

	if len(answer.NatGateways) == 0 {
		return types.NatGateway{State: types.NatGatewayStateDeleted}, nil
	}

	return answer.NatGateways[0], nil
}
