package network

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// soon says that EC2 does not see yet what it has just made.
func soon(err error) bool { return strings.HasSuffix(session.Code(err), ".NotFound") }

// alone keeps the SDK from sending a request twice.
func alone(o *ec2.Options) { o.Retryer = aws.NopRetryer{} }

const attempts = 10

// once makes what EC2 would make a second time when it is asked twice: after an answer that was lost it is looked for
// before it is made again.
func once[T any](ctx context.Context, create func() (*T, error), find func() (*T, error)) (*T, error) {
	standard := retry.NewStandard()

	for attempt := 1; ; attempt++ {
		var made *T

		err := session.Settled(ctx, soon, func() (err error) {
			made, err = create()

			return err
		})
		if err == nil || attempt == attempts || !standard.IsErrorRetryable(err) {
			return made, err
		}

		pause, failed := standard.RetryDelay(attempt, err)
		if failed != nil || !session.Sleep(ctx, pause) {
			return nil, err
		}

		if found, failed := find(); failed != nil || found != nil {
			return found, failed
		}
	}
}

// settled is a call about something that was just made.
func settled(ctx context.Context, call func() error) error { return session.Settled(ctx, soon, call) }

// vpc makes the VPC, with names for what is in it.
func (w worker) vpc(ctx context.Context, found *inventory, _ []subnet) error {
	if found.id() == "" {
		made, err := once(ctx, func() (*types.Vpc, error) {
			answer, err := w.ec2.CreateVpc(ctx, &ec2.CreateVpcInput{
				CidrBlock: aws.String(w.CIDR), TagSpecifications: w.specification(types.ResourceTypeVpc, ""),
			}, alone)
			if err != nil {
				return nil, err
			}

			return answer.Vpc, nil
		}, func() (*types.Vpc, error) {
			again := &inventory{}
			err := w.takeVPCs(ctx, again)

			return firstOf(again.vpcs), err
		})
		if err != nil {
			return session.Worded(err, "create the VPC of cluster %q", w.Name)
		}

		found.vpcs = append(found.vpcs, *made)
	} else if w.claim.Known { // an answer costs more than saying it again, and nobody sees the difference
		return nil
	}

	err := settled(ctx, func() error {
		_, err := w.ec2.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{
			VpcId: aws.String(found.id()), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)},
		})

		return err
	})

	return session.Worded(err, "give names to hosts of VPC %q", found.id())
}

func firstOf[T any](all []T) *T {
	if len(all) == 0 {
		return nil
	}

	return &all[0]
}

// without are the zones, by their ids, that EKS makes no control plane in.
var without = []string{"use1-az3", "usw1-az2", "cac1-az3"}

// zones are the names of those that subnets can be in, in their order.
func (w worker) zones(ctx context.Context) ([]string, error) {
	answer, err := w.ec2.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{Filters: []types.Filter{filter("state", "available")}})
	if err != nil {
		return nil, session.Worded(err, "look for availability zones")
	}

	var names []string

	for _, zone := range answer.AvailabilityZones {
		local := aws.ToString(zone.ZoneType) != "" && aws.ToString(zone.ZoneType) != "availability-zone"
		if !local && zone.OptInStatus != types.AvailabilityZoneOptInStatusNotOptedIn && !slices.Contains(without, aws.ToString(zone.ZoneId)) {
			names = append(names, aws.ToString(zone.ZoneName))
		}
	}

	slices.Sort(names)

	if len(names) < w.Zones {
		return nil, fmt.Errorf("make %s: %d availability zones are wanted, and there are %d: %s", w.What(), w.Zones, len(names), strings.Join(names, ", "))
	}

	return names, nil
}

// makeSubnets makes those that are missing. Zones keep those that they have.
func (w worker) makeSubnets(ctx context.Context, found *inventory, subnets []subnet) error {
	var zones []string

	for _, wanted := range subnets {
		if found.subnet(wanted.part) == nil {
			if zones == nil {
				var err error
				if zones, err = w.zones(ctx); err != nil {
					return err
				}

				zones = arranged(zones, found, subnets)
			}

			if err := w.makeSubnet(ctx, found, wanted, zones[wanted.zone]); err != nil {
				return err
			}
		}

		if !wanted.public || !wanted.nodes || aws.ToBool(found.subnet(wanted.part).MapPublicIpOnLaunch) {
			continue
		}

		err := settled(ctx, func() error {
			_, err := w.ec2.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{
				SubnetId: found.subnet(wanted.part).SubnetId, MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
			})

			return err
		})
		if err != nil {
			return session.Worded(err, "give public addresses to nodes of subnet %s of cluster %q", wanted.part, w.Name)
		}
	}

	return nil
}

// arranged puts first the zones that subnets are in already, each at its number.
func arranged(zones []string, found *inventory, subnets []subnet) []string {
	taken := map[int]string{}

	for _, wanted := range subnets {
		if there := found.subnet(wanted.part); there != nil {
			taken[wanted.zone] = aws.ToString(there.AvailabilityZone)
		}
	}

	free := slices.DeleteFunc(slices.Clone(zones), func(zone string) bool {
		for _, name := range taken {
			if name == zone {
				return true
			}
		}

		return false
	})

	var all []string

	for number := range zones {
		if name, ok := taken[number]; ok {
			all = append(all, name)
		} else if len(free) > 0 {
			all, free = append(all, free[0]), free[1:]
		}
	}

	return all
}

func (w worker) makeSubnet(ctx context.Context, found *inventory, wanted subnet, zone string) error {
	made, err := once(ctx, func() (*types.Subnet, error) {
		answer, err := w.ec2.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: aws.String(found.id()), AvailabilityZone: aws.String(zone), CidrBlock: aws.String(wanted.cidr.String()),
			TagSpecifications: w.specification(types.ResourceTypeSubnet, wanted.part),
		}, alone)
		if err != nil {
			return nil, err
		}

		return answer.Subnet, nil
	}, func() (*types.Subnet, error) {
		again := &inventory{}
		err := w.takeSubnets(ctx, again)

		return again.subnet(wanted.part), err
	})
	if err != nil {
		return session.Worded(err, "create subnet %s of cluster %q", wanted.part, w.Name)
	}

	found.subnets = append(found.subnets, *made)

	return nil
}
