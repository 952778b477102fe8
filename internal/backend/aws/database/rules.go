package database

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// mark is the description by which rules of ours are known among those of others.
const mark = "made by mlstacks"

// rule lets somebody in: one of cidr and group is set.
type rule struct {
	protocol, cidr, group string
	from, to              int32
}

// found is a rule in a group, and what is said of it.
type found struct {
	rule

	about string
	// raw is how AWS tells of it, as it is to be taken back.
	raw types.IpPermission
}

// anyPort is how a rule for all protocols has no ports.
const anyPort = -1

// said describes a rule for those who read it.
func (r rule) said() string {
	who, ports := r.cidr+r.group, fmt.Sprintf(" %d", r.from)

	switch {
	case r.from == anyPort:
		ports = ""
	case r.from != r.to:
		ports = fmt.Sprintf(" %d-%d", r.from, r.to)
	}

	return strings.Replace(r.protocol, "-1", "anything", 1) + ports + " from " + who
}

// permission is a rule as it is asked for.
func (r rule) permission() types.IpPermission {
	p := types.IpPermission{IpProtocol: aws.String(r.protocol), FromPort: aws.Int32(r.from), ToPort: aws.Int32(r.to)}

	switch {
	case r.group != "":
		p.UserIdGroupPairs = []types.UserIdGroupPair{{GroupId: aws.String(r.group), Description: aws.String(mark)}}
	case strings.Contains(r.cidr, ":"):
		p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: aws.String(r.cidr), Description: aws.String(mark)}}
	default:
		p.IpRanges = []types.IpRange{{CidrIp: aws.String(r.cidr), Description: aws.String(mark)}}
	}

	return p
}

// flat tells each rule of a group on its own.
func flat(permissions []types.IpPermission) []found {
	var all []found

	for _, p := range permissions {
		base := rule{protocol: aws.ToString(p.IpProtocol), from: anyPort, to: anyPort}
		if p.FromPort != nil && p.ToPort != nil {
			base.from, base.to = *p.FromPort, *p.ToPort
		}

		add := func(cidr, group string, about *string, raw types.IpPermission) {
			one := base
			one.cidr, one.group = cidr, group
			raw.IpProtocol, raw.FromPort, raw.ToPort = p.IpProtocol, p.FromPort, p.ToPort
			all = append(all, found{rule: one, about: aws.ToString(about), raw: raw})
		}

		for _, r := range p.IpRanges {
			add(aws.ToString(r.CidrIp), "", r.Description, types.IpPermission{IpRanges: []types.IpRange{r}})
		}

		for _, r := range p.Ipv6Ranges {
			add(aws.ToString(r.CidrIpv6), "", r.Description, types.IpPermission{Ipv6Ranges: []types.Ipv6Range{r}})
		}

		for _, r := range p.PrefixListIds {
			add(aws.ToString(r.PrefixListId), "", r.Description, types.IpPermission{PrefixListIds: []types.PrefixListId{r}})
		}

		for _, r := range p.UserIdGroupPairs {
			add("", aws.ToString(r.GroupId), r.Description, types.IpPermission{UserIdGroupPairs: []types.UserIdGroupPair{r}})
		}
	}

	return all
}

// wanted are the rules of a database: its own group, other groups, networks.
func (d *Database) wanted(own string) []rule {
	engine := d.Settings.Engine
	if engine == "" { // after an import only the instance knows
		engine = d.Found.Engine
	}

	port := engines[engine].port
	base := rule{protocol: "tcp", from: port, to: port}

	var all []rule

	for _, group := range append([]string{own}, d.Settings.Groups...) {
		base.group = group
		all = append(all, base)
	}

	base.group = ""

	for _, cidr := range d.Settings.CIDRs {
		base.cidr = cidr
		all = append(all, base)
	}

	return all
}

// compared sorts the rules of a group into those that are missing, ours that are wanted no longer, and those of others.
func compared(wanted []rule, live []found) (missing []rule, stale, others []found) {
	for _, w := range wanted {
		if !slices.ContainsFunc(live, func(f found) bool { return f.rule == w }) {
			missing = append(missing, w)
		}
	}

	for _, f := range live {
		switch {
		case slices.Contains(wanted, f.rule): // whoever has made it
		case f.about == mark:
			stale = append(stale, f)
		default:
			others = append(others, f)
		}
	}

	return missing, stale, others
}
