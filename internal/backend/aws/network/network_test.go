package network_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/network"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func TestMain(m *testing.M) {
	network.Pace, network.Patience = 20*time.Millisecond, time.Second

	os.Exit(m.Run())
}

// login is a session to the double.
func login(t *testing.T, d *awstest.Double) *session.Session {
	t.Helper()

	keys, err := d.Counted(awstest.Region).Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return session.New(session.Config{
		Region: awstest.Region, AccessKey: keys.AccessKeyID, SecretKey: keys.SecretAccessKey,
		Endpoints: map[string]string{"ec2": d.Endpoint, "sts": d.Endpoint}, DefaultTags: map[string]string{"team": "ml"},
	})
}

func claim(labels map[string]string) part.Claim {
	return part.Claim{Owner: backend.Owner{Kind: "cluster", Flavor: "eks", Name: "dev", Labels: labels}}
}

func wanted(t *testing.T, d *awstest.Double, nat string, zones int) network.Network {
	t.Helper()

	return network.Network{Session: login(t, d), Name: "dev", CIDR: "10.0.0.0/16", Zones: zones, NAT: nat}
}

// left are the numbers of what is in the account, beside what every account begins with.
func left(t *testing.T, d *awstest.Double) []string {
	t.Helper()

	client, all := ec2.NewFromConfig(d.Config(awstest.Region)), []string{}
	note := func(what string, n int, err error) {
		if err != nil {
			t.Fatal(err)
		}

		for range n {
			all = append(all, what)
		}
	}

	ours := []types.Filter{{Name: aws.String("tag-key"), Values: []string{session.TagKind}}}

	vpcs, err := client.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{Filters: ours})
	note("vpc", len(vpcs.Vpcs), err)

	subnets, err := client.DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{Filters: ours})
	note("subnet", len(subnets.Subnets), err)

	tables, err := client.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: ours})
	note("table", len(tables.RouteTables), err)

	internet, err := client.DescribeInternetGateways(t.Context(), &ec2.DescribeInternetGatewaysInput{Filters: ours})
	note("internet", len(internet.InternetGateways), err)

	addresses, err := client.DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
	note("address", len(addresses.Addresses), err)

	gateways, err := client.DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{})
	note("nat", len(slices.DeleteFunc(gateways.NatGateways, func(g types.NatGateway) bool { return g.State == types.NatGatewayStateDeleted })), err)

	return all
}

// tally counts words.
func tally(words []string) string {
	counts := map[string]int{}
	for _, word := range words {
		counts[word]++
	}

	var all []string
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, fmt.Sprintf("%s:%d", word, counts[word]))
	}

	return strings.Join(all, " ")
}

func TestNetwork_IsMadeAndLeavesNothing(t *testing.T) {
	t.Parallel()

	for nat, want := range map[string]string{
		network.NATSingle: "address:1 internet:1 nat:1 subnet:6 table:2 vpc:1",
		network.NATEach:   "address:3 internet:1 nat:3 subnet:6 table:4 vpc:1",
		network.NATNone:   "internet:1 subnet:3 table:1 vpc:1",
	} {
		t.Run(nat, func(t *testing.T) {
			t.Parallel()

			d := awstest.Start(t)
			n := wanted(t, d, nat, 3)

			layout, made, err := n.Lay(t.Context(), claim(nil))
			if err != nil || !made.Exists || layout.VPC == "" || len(layout.Nodes()) != 3 {
				t.Fatalf("%+v %+v %v", layout, made, err)
			}

			if is := tally(left(t, d)); is != want {
				t.Errorf("there is %s, should be %s", is, want)
			}

			seen, err := n.Observe(t.Context(), claim(nil))
			if err != nil || len(seen.Drift) > 0 {
				t.Errorf("of what was just made it sees %q, %v", seen.Drift, err)
			}

			if again, _, err := n.Lay(t.Context(), claim(nil)); err != nil || again.VPC != layout.VPC || !slices.Equal(again.All(), layout.All()) {
				t.Errorf("the second time it is %+v, %v; was %+v", again, err, layout)
			}

			for range 2 { // what is gone is no error
				if err := n.Remove(t.Context(), claim(nil)); err != nil {
					t.Fatal(err)
				}
			}

			if is := left(t, d); len(is) > 0 {
				t.Errorf("it leaves %q", is)
			}

			if _, err := n.Observe(t.Context(), claim(nil)); !errors.Is(err, backend.ErrNotFound) {
				t.Errorf("of what is gone it says %v", err)
			}
		})
	}
}

func TestNetwork_TakesZonesThatThereAreAndTagsSubnetsForLoadBalancers(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	n := wanted(t, d, network.NATSingle, 2)

	layout, _, err := n.Lay(t.Context(), claim(map[string]string{"cost": "1"}))
	if err != nil {
		t.Fatal(err)
	}

	answer, err := ec2.NewFromConfig(d.Config(awstest.Region)).DescribeSubnets(t.Context(), &ec2.DescribeSubnetsInput{SubnetIds: layout.All()})
	if err != nil {
		t.Fatal(err)
	}

	zones, ranges := map[string]int{}, []string{}

	for _, one := range answer.Subnets {
		zones[aws.ToString(one.AvailabilityZone)]++

		ranges = append(ranges, aws.ToString(one.CidrBlock))
		tags := map[string]string{}

		for _, tag := range one.Tags {
			tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
		}

		role := "kubernetes.io/role/internal-elb"
		if slices.Contains(layout.Public, aws.ToString(one.SubnetId)) {
			role = "kubernetes.io/role/elb"
		}

		if tags[role] != "1" || tags["kubernetes.io/cluster/dev"] != "shared" || tags["team"] != "ml" || tags["cost"] != "1" || tags["mlstacks:name"] != "dev" {
			t.Errorf("subnet %s has the tags %v", aws.ToString(one.CidrBlock), tags)
		}
	}

	slices.Sort(ranges)

	if len(zones) != 2 || !slices.Equal(ranges, []string{"10.0.0.0/22", "10.0.32.0/19", "10.0.4.0/22", "10.0.64.0/19"}) {
		t.Errorf("zones %v, ranges %q", zones, ranges)
	}

	n.Zones = 6
	if err := n.Remove(t.Context(), claim(nil)); err != nil {
		t.Fatal(err)
	}

	if _, err := n.Ensure(t.Context(), claim(nil)); err == nil || !strings.Contains(err.Error(), "6 availability zones are wanted, and there are 3: eu-west-1a, eu-west-1b, eu-west-1c") {
		t.Errorf("of too many zones it says %v", err)
	}
}

// Whatever call fails, or its answer is lost: the next run finishes, nothing is made twice, and nothing is left.
func TestNetwork_ConvergesAfterEveryFault(t *testing.T) {
	t.Parallel()

	for _, operation := range []string{
		"CreateVpc", "ModifyVpcAttribute", "CreateSubnet", "CreateInternetGateway", "AttachInternetGateway", "CreateRouteTable", "CreateRoute",
		"AssociateRouteTable", "AllocateAddress", "CreateNatGateway",
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()

			d := awstest.Start(t)
			n := wanted(t, d, network.NATSingle, 2)

			lost := d.Inject(awstest.Fault{Operation: "ec2:" + operation, LoseAnswer: true})
			if _, err := n.Ensure(t.Context(), claim(nil)); err != nil || lost() != 1 {
				t.Fatalf("after a lost answer (%d): %v", lost(), err)
			}

			whole := tally(left(t, d))
			if whole != "address:1 internet:1 nat:1 subnet:4 table:2 vpc:1" {
				t.Errorf("after a lost answer there is %s", whole)
			}

			if err := n.Remove(t.Context(), claim(nil)); err != nil {
				t.Fatal(err)
			}

			d.Reset()
			d.Inject(awstest.Fault{Operation: "ec2:" + operation, Status: 400, Code: "UnauthorizedOperation", Message: "You are not authorized."})

			if _, err := n.Ensure(t.Context(), claim(nil)); err == nil || !strings.Contains(err.Error(), "UnauthorizedOperation") {
				t.Errorf("a denial is %v", err)
			}

			d.Inject(awstest.Fault{Operation: "ec2:" + operation, Status: 503, Code: "RequestLimitExceeded"})

			if _, err := n.Ensure(t.Context(), claim(nil)); err != nil {
				t.Fatalf("the next run: %v", err)
			}

			if is := tally(left(t, d)); is != whole {
				t.Errorf("after the next run there is %s, should be %s", is, whole)
			}

			if err := n.Remove(t.Context(), claim(nil)); err != nil || len(left(t, d)) > 0 {
				t.Errorf("it leaves %q, %v", left(t, d), err)
			}
		})
	}
}

func TestNetwork_ShowsAndRepairsDrift(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	n := wanted(t, d, network.NATSingle, 2)
	client := ec2.NewFromConfig(d.Config(awstest.Region))

	layout, _, err := n.Lay(t.Context(), claim(map[string]string{"cost": "1", "old": "1"}))
	if err != nil {
		t.Fatal(err)
	}

	tables, err := client.DescribeRouteTables(t.Context(), &ec2.DescribeRouteTablesInput{Filters: []types.Filter{{
		Name: aws.String("tag:" + network.TagPart), Values: []string{"public"},
	}}})
	if err != nil {
		t.Fatal(err)
	}

	_, err = client.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: tables.RouteTables[0].RouteTableId, DestinationCidrBlock: aws.String("0.0.0.0/0")})
	if err != nil {
		t.Fatal(err)
	}

	_, err = client.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{layout.VPC}, Tags: []types.Tag{
		{Key: aws.String("cost"), Value: aws.String("2")}, {Key: aws.String("theirs"), Value: aws.String("1")},
	}})
	if err != nil {
		t.Fatal(err)
	}

	known := claim(map[string]string{"cost": "1"})
	known.Known, known.Former = true, map[string]string{"cost": "1", "old": "1"}

	seen, err := n.Observe(t.Context(), known)
	if err != nil {
		t.Fatal(err)
	}

	drift := strings.Join(seen.Drift, "\n")
	for _, line := range []string{`route table public of network of cluster "dev" does not lead out`, `VPC ` + layout.VPC + `: tag cost is "2", should be "1"`} {
		if !strings.Contains(drift, line) {
			t.Errorf("drift is %s, should have %s", drift, line)
		}
	}

	if _, err := n.Ensure(t.Context(), known); err != nil {
		t.Fatal(err)
	}

	seen, err = n.Observe(t.Context(), known)
	if err != nil || len(seen.Drift) > 0 || seen.Tags["theirs"] != "1" || seen.Tags["old"] != "" {
		t.Errorf("after the repair: %q %v %v", seen.Drift, seen.Tags, err)
	}
}

func TestNetwork_LeavesAloneWhatIsSomebodyElses(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	n := wanted(t, d, network.NATNone, 2)

	if _, err := n.Ensure(t.Context(), claim(nil)); err != nil {
		t.Fatal(err)
	}

	before := left(t, d)
	other := claim(nil)
	other.Flavor = "other"

	if err := n.Remove(t.Context(), other); err != nil || !slices.Equal(left(t, d), before) {
		t.Errorf("%v: there is %q, was %q", err, left(t, d), before)
	}

	if _, err := n.Observe(t.Context(), other); !errors.Is(err, backend.ErrNotFound) {
		t.Errorf("somebody else's is %v", err)
	}
}

func TestNetwork_ClearsAwayWhatKubernetesLeftAndNamesWhatBlocks(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	n := wanted(t, d, network.NATNone, 2)
	client := ec2.NewFromConfig(d.Config(awstest.Region))

	layout, _, err := n.Lay(t.Context(), claim(nil))
	if err != nil {
		t.Fatal(err)
	}

	group := func(name string, tags ...types.Tag) *string {
		made, err := client.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
			GroupName: aws.String(name), Description: aws.String("x"), VpcId: aws.String(layout.VPC),
			TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeSecurityGroup, Tags: append(tags, types.Tag{Key: aws.String("a"), Value: aws.String("b")})}},
		})
		if err != nil {
			t.Fatal(err)
		}

		return made.GroupId
	}

	group("k8s-elb-a1", types.Tag{Key: aws.String("kubernetes.io/cluster/dev"), Value: aws.String("owned")})
	theirs := group("of-somebody")

	card, err := client.CreateNetworkInterface(t.Context(), &ec2.CreateNetworkInterfaceInput{
		SubnetId: aws.String(layout.Public[0]), Description: aws.String("ELB net/theirs"), Groups: []string{aws.ToString(theirs)},
	})
	if err != nil {
		t.Fatal(err)
	}

	violation := awstest.Fault{Operation: "ec2:DeleteSubnet", Times: -1, Status: 400, Code: "DependencyViolation", Message: "The subnet has dependencies and cannot be deleted."}
	d.Inject(violation)

	err = n.Remove(t.Context(), claim(nil))

	var blocked *network.BlockedError
	if !errors.As(err, &blocked) || len(blocked.Names) != 2 || !strings.Contains(err.Error(), "(ELB net/theirs)") || !strings.Contains(err.Error(), "(of-somebody)") {
		t.Fatalf("it says %v", err)
	}

	d.Reset()

	if _, err := client.DeleteNetworkInterface(t.Context(), &ec2.DeleteNetworkInterfaceInput{NetworkInterfaceId: card.NetworkInterface.NetworkInterfaceId}); err != nil {
		t.Fatal(err)
	}

	if _, err := client.DeleteSecurityGroup(t.Context(), &ec2.DeleteSecurityGroupInput{GroupId: theirs}); err != nil {
		t.Fatal(err)
	}

	if err := n.Remove(t.Context(), claim(nil)); err != nil || len(left(t, d)) > 0 {
		t.Errorf("it leaves %q, %v", left(t, d), err)
	}
}

func TestNetwork_TakesNoPageForGone(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	n := wanted(t, d, network.NATNone, 2)

	if _, err := n.Ensure(t.Context(), claim(nil)); err != nil {
		t.Fatal(err)
	}

	d.Inject(awstest.Fault{Operation: "ec2:Describe*", Times: -1, Status: 404, HTML: true})

	if _, err := n.Observe(t.Context(), claim(nil)); err == nil || errors.Is(err, backend.ErrNotFound) {
		t.Errorf("of a page it says %v", err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()

	if err := n.Remove(ctx, claim(nil)); err == nil {
		t.Error("it removed what it could not see")
	}
}

func TestCheckCIDR_RefusesWhatHasNoRoom(t *testing.T) {
	t.Parallel()

	for cidr, says := range map[string]string{
		"10.0.0.0/16": "", "192.168.0.0/22": "", "10.0.0.0/8": "from /16 on", "10.0.0.0/24": "up to /22", "10.0.0.1/16": "the range is 10.0.0.0/16",
		"x": "no range", "fd00::/16": "no range",
	} {
		if is := network.CheckCIDR(cidr); (says == "") != (is == "") || !strings.Contains(is, says) {
			t.Errorf("%s: %q", cidr, is)
		}
	}
}
