package network

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
)

const (
	// blocks is into how many parts the range is divided: one for small subnets, the others for zones.
	blocks = 8
	// blockBits is how much longer the prefix of such a part is.
	blockBits = 3
	// MostZones is how many zones there is room for.
	MostZones = 6
	// LeastZones is how many EKS asks for.
	LeastZones = 2
	// shortest and longest are the prefixes of ranges that there is room in; the smallest subnet of AWS has a prefix of 28.
	shortest, longest = 16, 22
)

// subnet is one as it is planned.
type subnet struct {
	// part tells it from the others: public-0, private-1.
	part string
	// zone counts the zones.
	zone   int
	public bool
	// nodes says that nodes are in it.
	nodes bool
	cidr  netip.Prefix
}

// CheckCIDR says what is wrong with a range; empty: nothing.
func CheckCIDR(cidr string) string {
	prefix, err := netip.ParsePrefix(cidr)

	switch {
	case err != nil || !prefix.Addr().Is4():
		return fmt.Sprintf("%q is no range of addresses: write one such as 10.0.0.0/16.", cidr)
	case prefix != prefix.Masked():
		return fmt.Sprintf("%q has bits behind its prefix: the range is %s.", cidr, prefix.Masked())
	case prefix.Bits() < shortest || prefix.Bits() > longest:
		return fmt.Sprintf("%q does not fit: a VPC takes prefixes from /%d on, and subnets of several zones have room up to /%d.", cidr, shortest, longest)
	default:
		return ""
	}
}

// subnets divides the range. Each zone has a large part for nodes, and a small one for load balancers where nodes have
// private addresses.
func (n Network) subnets() ([]subnet, error) {
	if problem := CheckCIDR(n.CIDR); problem != "" {
		return nil, fmt.Errorf("plan %s: %s", n.What(), problem)
	}

	if n.Zones < LeastZones || n.Zones > MostZones {
		return nil, fmt.Errorf("plan %s: there is room for %d to %d zones, and %d are wanted", n.What(), LeastZones, MostZones, n.Zones)
	}

	whole := netip.MustParsePrefix(n.CIDR)

	var all []subnet

	for zone := range n.Zones {
		large := share(whole, blockBits, zone+1)

		if n.NAT == NATNone {
			all = append(all, subnet{part: "public-" + strconv.Itoa(zone), zone: zone, public: true, nodes: true, cidr: large})

			continue
		}

		all = append(all,
			subnet{part: "public-" + strconv.Itoa(zone), zone: zone, public: true, cidr: share(share(whole, blockBits, 0), blockBits, zone)},
			subnet{part: "private-" + strconv.Itoa(zone), zone: zone, nodes: true, cidr: large})
	}

	return all, nil
}

// share is one of the 1<<bits equal parts of a range.
func share(of netip.Prefix, bits, number int) netip.Prefix {
	length := of.Bits() + bits
	four := of.Masked().Addr().As4()
	first := binary.BigEndian.Uint32(four[:]) + uint32(number%blocks)<<(32-length) //nolint:gosec // at most 7
	binary.BigEndian.PutUint32(four[:], first)

	return netip.PrefixFrom(netip.AddrFrom4(four), length)
}

// gateways are the parts of the NAT gateways, each by the number of its zone.
func (n Network) gateways() []string {
	switch n.NAT {
	case NATNone:
		return nil
	case NATEach:
		var all []string
		for zone := range n.Zones {
			all = append(all, natPart(zone))
		}

		return all
	default:
		return []string{natPart(0)}
	}
}

func natPart(zone int) string { return "nat-" + strconv.Itoa(zone) }

// outOf is the number of the gateway that a zone gets out by.
func (n Network) outOf(zone int) int {
	if n.NAT == NATEach {
		return zone
	}

	return 0
}
