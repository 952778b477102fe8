package network

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Remove deletes the network, and what Kubernetes has left in it. What others have in it is waited for, and named where it
// stays.
func (n Network) Remove(ctx context.Context, claim part.Claim) error {
	w, err := n.work(ctx, claim)
	if err != nil {
		return err
	}

	found, err := w.take(ctx)
	if err != nil {
		return err
	}

	for _, step := range []func(context.Context, *inventory) error{
		w.removeGateways, w.removeAddresses, w.removeSubnets, w.removeTables, w.removeInternet, w.removeVPCs,
	} {
		if err := step(ctx, found); err != nil {
			return err
		}
	}

	return nil
}

func (w worker) removeGateways(ctx context.Context, found *inventory) error {
	for _, gateway := range found.gateways {
		if gateway.State == types.NatGatewayStateDeleting {
			continue
		}

		_, err := w.ec2.DeleteNatGateway(ctx, &ec2.DeleteNatGatewayInput{NatGatewayId: gateway.NatGatewayId})
		if err != nil && !session.Is(err, "NatGatewayNotFound") {
			return session.Worded(err, "delete NAT gateway %q", aws.ToString(gateway.NatGatewayId))
		}
	}

	for at := range found.gateways {
		if err := w.deleted(ctx, &found.gateways[at]); err != nil {
			return err
		}
	}

	return nil
}

// deleted waits until a NAT gateway is gone: its address and its subnet are in use until then.
func (w worker) deleted(ctx context.Context, gateway *types.NatGateway) error {
	return session.Until(ctx, Pace, Pace, func() (bool, error) {
		now, err := w.look(ctx, gateway)

		switch {
		case session.Is(err, "NatGatewayNotFound"):
			return true, nil
		case err != nil:
			return false, session.Worded(err, "wait for the end of NAT gateway %q", aws.ToString(gateway.NatGatewayId))
		default:
			return now.State == types.NatGatewayStateDeleted, nil
		}
	})
}

// discard removes a NAT gateway that came to nothing.
func (w worker) discard(ctx context.Context, found *inventory, gateway *types.NatGateway) error {
	lost := &inventory{gateways: []types.NatGateway{*gateway}}
	if err := w.removeGateways(ctx, lost); err != nil {
		return err
	}

	var rest []types.NatGateway

	for _, one := range found.gateways {
		if aws.ToString(one.NatGatewayId) != aws.ToString(lost.gateways[0].NatGatewayId) {
			rest = append(rest, one)
		}
	}

	found.gateways = rest

	return nil
}

func (w worker) removeAddresses(ctx context.Context, found *inventory) error {
	for _, address := range found.addresses {
		err := session.Settled(ctx, inUse, func() error {
			_, err := w.ec2.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: address.AllocationId})
			if soon(err) {
				return nil
			}

			return err
		})
		if err != nil {
			return session.Worded(err, "release address %s", aws.ToString(address.PublicIp))
		}
	}

	return nil
}

func inUse(err error) bool {
	return session.Is(err, "InvalidIPAddress.InUse") || session.Is(err, "AuthFailure") && session.Says(err, "in use")
}

func (w worker) removeSubnets(ctx context.Context, found *inventory) error {
	for _, one := range found.subnets {
		err := w.unblocked(ctx, aws.ToString(one.VpcId), "subnet "+aws.ToString(one.SubnetId), func() error {
			_, err := w.ec2.DeleteSubnet(ctx, &ec2.DeleteSubnetInput{SubnetId: one.SubnetId})

			return err
		})
		if err != nil {
			return err
		}
	}

	return nil
}

func (w worker) removeTables(ctx context.Context, found *inventory) error {
	for _, table := range found.tables {
		for _, one := range table.Associations {
			if !aws.ToBool(one.Main) {
				_, err := w.ec2.DisassociateRouteTable(ctx, &ec2.DisassociateRouteTableInput{AssociationId: one.RouteTableAssociationId})
				if err != nil && !soon(err) {
					return session.Worded(err, "disassociate route table %q", aws.ToString(table.RouteTableId))
				}
			}
		}

		err := w.unblocked(ctx, aws.ToString(table.VpcId), "route table "+aws.ToString(table.RouteTableId), func() error {
			_, err := w.ec2.DeleteRouteTable(ctx, &ec2.DeleteRouteTableInput{RouteTableId: table.RouteTableId})

			return err
		})
		if err != nil {
			return err
		}
	}

	return nil
}

func (w worker) removeInternet(ctx context.Context, found *inventory) error {
	for _, gateway := range found.internet {
		name := "internet gateway " + aws.ToString(gateway.InternetGatewayId)

		for _, attachment := range gateway.Attachments {
			err := w.unblocked(ctx, aws.ToString(attachment.VpcId), name, func() error {
				_, err := w.ec2.DetachInternetGateway(ctx, &ec2.DetachInternetGatewayInput{
					InternetGatewayId: gateway.InternetGatewayId, VpcId: attachment.VpcId,
				})
				if session.Is(err, "Gateway.NotAttached") {
					return nil
				}

				return err
			})
			if err != nil {
				return err
			}
		}

		_, err := w.ec2.DeleteInternetGateway(ctx, &ec2.DeleteInternetGatewayInput{InternetGatewayId: gateway.InternetGatewayId})
		if err != nil && !soon(err) {
			return session.Worded(err, "delete %s", name)
		}
	}

	return nil
}

func (w worker) removeVPCs(ctx context.Context, found *inventory) error {
	for _, vpc := range found.vpcs {
		if err := w.sweep(ctx, aws.ToString(vpc.VpcId)); err != nil {
			return err
		}

		err := w.unblocked(ctx, aws.ToString(vpc.VpcId), "VPC "+aws.ToString(vpc.VpcId), func() error {
			_, err := w.ec2.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: vpc.VpcId})

			return err
		})
		if err != nil {
			return err
		}
	}

	return nil
}

// unblocked deletes something as soon as nothing in the VPC uses it any more. What Kubernetes has left is cleared away.
func (w worker) unblocked(ctx context.Context, vpc, what string, remove func() error) error {
	deadline := time.Now().Add(Patience)

	for {
		err := remove()

		switch {
		case err == nil || soon(err):
			return nil
		case !session.Is(err, "DependencyViolation"):
			return session.Worded(err, "delete %s", what)
		}

		if err := w.sweep(ctx, vpc); err != nil {
			return err
		}

		if time.Now().After(deadline) || !session.Sleep(ctx, Pace) {
			return w.blocked(ctx, vpc, session.Worded(err, "delete %s", what))
		}
	}
}

// blocked says what is in the way.
func (w worker) blocked(ctx context.Context, vpc string, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // the time may be up, and what is in the way is worth knowing
	defer cancel()

	interfaces, groups, failed := w.leftovers(ctx, vpc)
	if failed != nil {
		return err
	}

	var names []string

	for _, one := range interfaces {
		names = append(names, fmt.Sprintf("network interface %s (%s)", aws.ToString(one.NetworkInterfaceId), aws.ToString(one.Description)))
	}

	for _, one := range groups {
		names = append(names, fmt.Sprintf("security group %s (%s)", aws.ToString(one.GroupId), aws.ToString(one.GroupName)))
	}

	if len(names) == 0 {
		return err
	}

	return &BlockedError{VPC: vpc, Names: names, err: err}
}

// BlockedError says that others still have something in the network.
type BlockedError struct {
	VPC string
	// Names are what is in the way, such as network interface eni-1 (ELB net/x).
	Names []string

	err error
}

// Error names what is in the way.
func (b *BlockedError) Error() string {
	return fmt.Sprintf("%s; still in VPC %s: %s", b.err, b.VPC, strings.Join(b.Names, ", "))
}

// Unwrap returns what AWS said.
func (b *BlockedError) Unwrap() error { return b.err }
