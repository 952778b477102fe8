package network

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// tags are those of one object. Load balancers of Kubernetes look for theirs on subnets.
func (w worker) tags(of types.ResourceType, part string) map[string]string {
	return w.under(w.Session.Tags(w.claim.Marks()), of, part)
}

// under adds to the owner's tags what an object has beside.
func (w worker) under(all map[string]string, of types.ResourceType, part string) map[string]string {
	all = maps.Clone(all)
	all["Name"] = w.Name

	if part != "" {
		all["Name"], all[TagPart] = w.Name+"-"+part, part
	}

	if of != types.ResourceTypeSubnet {
		return all
	}

	all["kubernetes.io/cluster/"+w.Name] = "shared"

	if strings.HasPrefix(part, "public") {
		all["kubernetes.io/role/elb"] = "1"
	}

	if strings.HasPrefix(part, "private") || w.NAT == NATNone {
		all["kubernetes.io/role/internal-elb"] = "1"
	}

	return all
}

func (w worker) specification(of types.ResourceType, part string) []types.TagSpecification {
	return []types.TagSpecification{{ResourceType: of, Tags: tagList(w.tags(of, part))}}
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

func tagMap(list []types.Tag) map[string]string {
	return session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}

// tagged is an object with its tags.
type tagged struct {
	id   string
	of   types.ResourceType
	what string
	tags map[string]string
}

// part is which object of its kind it is.
func (t tagged) part() string { return t.tags[TagPart] }

// all are the objects that are the network's, once each.
func (i *inventory) all() []tagged {
	var all []tagged

	add := func(id *string, of types.ResourceType, what string, tags []types.Tag) {
		one := tagged{id: aws.ToString(id), of: of, tags: tagMap(tags)}
		one.what = strings.TrimSpace(what + " " + one.part())
		all = append(all, one)
	}

	for _, one := range i.vpcs[:min(1, len(i.vpcs))] {
		add(one.VpcId, types.ResourceTypeVpc, "VPC", one.Tags)
	}

	for _, one := range i.subnets {
		add(one.SubnetId, types.ResourceTypeSubnet, "subnet", one.Tags)
	}

	for _, one := range i.internet {
		add(one.InternetGatewayId, types.ResourceTypeInternetGateway, "internet gateway", one.Tags)
	}

	for _, one := range i.addresses {
		add(one.AllocationId, types.ResourceTypeElasticIp, "address", one.Tags)
	}

	for _, one := range i.gateways {
		add(one.NatGatewayId, types.ResourceTypeNatgateway, "NAT gateway", one.Tags)
	}

	for _, one := range i.tables {
		add(one.RouteTableId, types.ResourceTypeRouteTable, "route table", one.Tags)
	}

	return all
}

// retag brings the tags of what was there before to what is wanted; those that others have put there stay.
func (w worker) retag(ctx context.Context, found *inventory, _ []subnet) error {
	for _, one := range found.all() {
		resources := []string{one.id}

		err := w.claim.Retag(fmt.Sprintf("%s of cluster %q", one.what, w.Name), one.tags, w.tags(one.of, one.part()), func(tags map[string]string) error {
			_, err := w.ec2.CreateTags(ctx, &ec2.CreateTagsInput{Resources: resources, Tags: tagList(tags)})

			return err
		}, func(keys []string) error {
			in := &ec2.DeleteTagsInput{Resources: resources}
			for _, key := range keys {
				in.Tags = append(in.Tags, types.Tag{Key: aws.String(key)})
			}

			_, err := w.ec2.DeleteTags(ctx, in)

			return err
		})
		if err != nil {
			return err
		}
	}

	return nil
}

// drift says, a line each, what is missing or otherwise than it should be.
func (w worker) drift(found *inventory, subnets []subnet) []string {
	var lines []string

	missing := func(what, part string) {
		lines = append(lines, fmt.Sprintf("%s %s of %s is missing", what, part, w.What()))
	}

	for _, one := range subnets {
		if found.subnet(one.part) == nil {
			missing("subnet", one.part)
		}
	}

	if len(found.internet) == 0 {
		lines = append(lines, fmt.Sprintf("internet gateway of %s is missing", w.What()))
	} else {
		lines = append(lines, w.astray(found, "public", types.Route{GatewayId: found.internet[0].InternetGatewayId})...)
	}

	for number, part := range w.gateways() {
		gateway := found.nat(part)
		if gateway == nil || gateway.State == types.NatGatewayStateFailed || gateway.State == types.NatGatewayStateDeleting {
			missing("NAT gateway", part)

			continue
		}

		lines = append(lines, w.astray(found, fmt.Sprintf("private-%d", number), types.Route{NatGatewayId: gateway.NatGatewayId})...)
	}

	for _, one := range found.all() {
		for _, line := range session.Differences(one.tags, w.under(w.Session.Tags(w.claim.Owner), one.of, one.part())) {
			lines = append(lines, fmt.Sprintf("%s %s: %s", one.what, one.id, line))
		}
	}

	return lines
}

// astray says of a route table that it does not lead out.
func (w worker) astray(found *inventory, part string, out types.Route) []string {
	table := found.table(part)

	switch {
	case table == nil:
		return []string{fmt.Sprintf("route table %s of %s is missing", part, w.What())}
	case !leads(wayOut(table), out):
		return []string{fmt.Sprintf("route table %s of %s does not lead out", part, w.What())}
	default:
		return nil
	}
}
