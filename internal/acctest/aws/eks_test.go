package aws_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// subnets makes a VPC with two subnets.
func subnets(t *testing.T, c sdk.Config) []string {
	t.Helper()

	client := ec2.NewFromConfig(c)
	vpc := must[*ec2.CreateVpcOutput](t)(client.CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: sdk.String("10.0.0.0/16")}))

	var ids []string

	for zone, block := range map[string]string{"a": "10.0.0.0/24", "b": "10.0.1.0/24"} {
		out := must[*ec2.CreateSubnetOutput](t)(client.CreateSubnet(t.Context(), &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: &block, AvailabilityZone: sdk.String(aws.Region + zone),
		}))
		ids = append(ids, *out.Subnet.SubnetId)
	}

	return ids
}

// newCluster makes a cluster of version 1.33 whose ways in are its API.
func newCluster(t *testing.T, d *aws.Double, name string, change ...func(*eks.CreateClusterInput)) (*eks.Client, *types.Cluster) {
	t.Helper()

	ids := subnets(t, d.Config(aws.Region))
	in := &eks.CreateClusterInput{
		Name: &name, RoleArn: sdk.String("arn:aws:iam::" + d.Account + ":role/cluster"), Version: sdk.String("1.33"),
		ResourcesVpcConfig: &types.VpcConfigRequest{SubnetIds: ids},
		AccessConfig:       &types.CreateAccessConfigRequest{AuthenticationMode: types.AuthenticationModeApi},
		Tags:               map[string]string{"k": "v"},
	}

	for _, f := range change {
		f(in)
	}

	client := eks.NewFromConfig(once(d))
	out := must[*eks.CreateClusterOutput](t)(client.CreateCluster(t.Context(), in))

	return client, out.Cluster
}

func describe(t *testing.T, client *eks.Client, name string) *types.Cluster {
	t.Helper()

	return must[*eks.DescribeClusterOutput](t)(client.DescribeCluster(t.Context(), &eks.DescribeClusterInput{Name: &name})).Cluster
}

func TestEKS_DescribesAClusterAsAWSDoes(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, made := newCluster(t, d, "c")

	if made.Status != types.ClusterStatusCreating || made.Endpoint != nil {
		t.Errorf("made one that is %s at %v, want CREATING and no address yet", made.Status, made.Endpoint)
	}

	c := describe(t, client, "c")
	if c.Status != types.ClusterStatusActive || c.AccessConfig.AuthenticationMode != types.AuthenticationModeApi || !*c.AccessConfig.BootstrapClusterCreatorAdminPermissions ||
		c.UpgradePolicy.SupportType != types.SupportTypeExtended || *c.DeletionProtection || *c.Version != "1.33" || c.Tags["k"] != "v" {
		t.Errorf("cluster is %+v", c)
	}

	network := c.ResourcesVpcConfig
	groups := must[*ec2.DescribeSecurityGroupsOutput](t)(ec2.NewFromConfig(once(d)).DescribeSecurityGroups(t.Context(), &ec2.DescribeSecurityGroupsInput{
		GroupIds: []string{*network.ClusterSecurityGroupId},
	}))

	if *network.VpcId != *groups.SecurityGroups[0].VpcId || !network.EndpointPublicAccess || network.EndpointPrivateAccess || len(network.SubnetIds) != 2 {
		t.Errorf("network is %+v, want defaults and a group in the VPC of the subnets", network)
	}

	if issuer := *c.Identity.Oidc.Issuer; !strings.HasPrefix(issuer, "https://oidc.eks.eu-west-1.amazonaws.com/id/") || len(issuer) != 44+32 {
		t.Errorf("issuer is %s", issuer)
	}

	text, err := base64.StdEncoding.DecodeString(*c.CertificateAuthority.Data)
	if err != nil {
		t.Fatal(err)
	}

	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("the authority is %q", text)
	}

	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		t.Error(err)
	}
}

func TestEKS_ClustersShowWhatATestServes(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Cluster("mine", "https://127.0.0.1:6443", "the authority")

	client, _ := newCluster(t, d, "mine")
	if c := describe(t, client, "mine"); *c.Endpoint != "https://127.0.0.1:6443" || *c.CertificateAuthority.Data != base64.StdEncoding.EncodeToString([]byte("the authority")) {
		t.Errorf("endpoint is %s, authority %s", *c.Endpoint, *c.CertificateAuthority.Data)
	}
}

func TestEKS_HoldsStatesOfClusters(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Hold(aws.Clusters, 2)

	client, _ := newCluster(t, d, "c")
	states := func() (all []string) {
		for range 3 {
			out, err := client.DescribeCluster(t.Context(), &eks.DescribeClusterInput{Name: sdk.String("c")})
			if err != nil {
				all = append(all, codeOf(err))
			} else {
				all = append(all, string(out.Cluster.Status))
			}
		}

		return all
	}

	// Who only looks sees what is, and does not hasten it.
	if c := describe(t, eks.NewFromConfig(d.Config(aws.Region)), "c"); c.Status != types.ClusterStatusActive {
		t.Errorf("state is %s to a test", c.Status)
	}

	if got := states(); !slices.Equal(got, []string{"CREATING", "CREATING", "ACTIVE"}) {
		t.Errorf("states are %v", got)
	}

	must[*eks.UpdateClusterVersionOutput](t)(client.UpdateClusterVersion(t.Context(), &eks.UpdateClusterVersionInput{Name: sdk.String("c"), Version: sdk.String("1.34")}))
	_, err := client.DeleteCluster(t.Context(), &eks.DeleteClusterInput{Name: sdk.String("c")})
	wantCode(t, err, "ResourceInUseException")

	if got := states(); !slices.Equal(got, []string{"UPDATING", "UPDATING", "ACTIVE"}) {
		t.Errorf("states are %v", got)
	}

	must[*eks.DeleteClusterOutput](t)(client.DeleteCluster(t.Context(), &eks.DeleteClusterInput{Name: sdk.String("c")}))

	if got := states(); !slices.Equal(got, []string{"DELETING", "DELETING", "ResourceNotFoundException"}) {
		t.Errorf("states are %v", got)
	}
}

func TestEKS_UpdatesAreObjectsOfTheirOwn(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, _ := newCluster(t, d, "c")
	d.Hold(aws.Updates, 1)

	name := sdk.String("c")
	done := func(u *types.Update, kind types.UpdateType) {
		t.Helper()

		if u.Status != types.UpdateStatusInProgress || u.Type != kind {
			t.Fatalf("update is %+v, want %s", u, kind)
		}

		for _, want := range []types.UpdateStatus{types.UpdateStatusInProgress, types.UpdateStatusSuccessful} {
			out := must[*eks.DescribeUpdateOutput](t)(client.DescribeUpdate(t.Context(), &eks.DescribeUpdateInput{Name: name, UpdateId: u.Id}))
			if out.Update.Status != want {
				t.Errorf("%s is %s, want %s", kind, out.Update.Status, want)
			}
		}
	}

	version := must[*eks.UpdateClusterVersionOutput](t)(client.UpdateClusterVersion(t.Context(), &eks.UpdateClusterVersionInput{Name: name, Version: sdk.String("1.34")}))
	_, err := client.UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{Name: name, DeletionProtection: sdk.Bool(true)})
	wantCode(t, err, "ResourceInUseException")
	done(version.Update, types.UpdateTypeVersionUpdate)

	protect := must[*eks.UpdateClusterConfigOutput](t)(client.UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{Name: name, DeletionProtection: sdk.Bool(true)}))
	done(protect.Update, types.UpdateTypeDeletionProtectionUpdate)

	network := must[*eks.UpdateClusterConfigOutput](t)(client.UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{
		Name: name, ResourcesVpcConfig: &types.VpcConfigRequest{EndpointPrivateAccess: sdk.Bool(true)},
	}))
	done(network.Update, types.UpdateTypeVpcConfigUpdate)

	logs := must[*eks.UpdateClusterConfigOutput](t)(client.UpdateClusterConfig(t.Context(), &eks.UpdateClusterConfigInput{
		Name: name, Logging: &types.Logging{ClusterLogging: []types.LogSetup{{Enabled: sdk.Bool(true), Types: []types.LogType{types.LogTypeAudit}}}},
	}))
	done(logs.Update, types.UpdateTypeLoggingUpdate)

	c := describe(t, client, "c")
	if *c.Version != "1.34" || !*c.DeletionProtection || !c.ResourcesVpcConfig.EndpointPrivateAccess || len(c.ResourcesVpcConfig.SubnetIds) != 2 ||
		c.ResourcesVpcConfig.VpcId == nil || c.Logging.ClusterLogging[0].Types[0] != types.LogTypeAudit || len(c.Logging.ClusterLogging[1].Types) != 4 {
		t.Errorf("cluster is %+v", c)
	}

	for _, in := range []*eks.UpdateClusterConfigInput{
		{Name: name, DeletionProtection: sdk.Bool(true)},
		{Name: name, DeletionProtection: sdk.Bool(false), UpgradePolicy: &types.UpgradePolicyRequest{SupportType: types.SupportTypeStandard}},
		{Name: name, AccessConfig: &types.UpdateAccessConfigRequest{AuthenticationMode: types.AuthenticationModeApiAndConfigMap}},
	} {
		_, err := client.UpdateClusterConfig(t.Context(), in)
		wantCode(t, err, "InvalidParameterException")
	}

	_, err = client.UpdateClusterVersion(t.Context(), &eks.UpdateClusterVersionInput{Name: name, Version: sdk.String("1.36")})
	wantCode(t, err, "InvalidParameterException")
	_, err = client.DeleteCluster(t.Context(), &eks.DeleteClusterInput{Name: name})
	wantCode(t, err, "InvalidRequestException")

	list := must[*eks.ListUpdatesOutput](t)(client.ListUpdates(t.Context(), &eks.ListUpdatesInput{Name: name}))
	if len(list.UpdateIds) != 4 {
		t.Errorf("updates are %v, want four", list.UpdateIds)
	}
}

func TestEKS_ATokenMakesOneCluster(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	d.Inject(aws.Fault{Operation: "eks:CreateCluster", LoseAnswer: true})

	ids := subnets(t, d.Config(aws.Region))
	in := &eks.CreateClusterInput{
		Name: sdk.String("c"), RoleArn: sdk.String("arn:aws:iam::" + d.Account + ":role/cluster"), ResourcesVpcConfig: &types.VpcConfigRequest{SubnetIds: ids},
	}
	client := eks.NewFromConfig(d.Counted(aws.Region))

	must[*eks.CreateClusterOutput](t)(client.CreateCluster(t.Context(), in)) // the SDK's retry has the same token

	in.ClientRequestToken = nil // the SDK left it there

	_, err := client.CreateCluster(t.Context(), in)
	wantCode(t, err, "ResourceInUseException")

	if n := d.Count("eks:CreateCluster"); n != 3 {
		t.Errorf("%d calls, want 3", n)
	}
}

func TestEKS_ListsVersions(t *testing.T) {
	t.Parallel()

	client := eks.NewFromConfig(once(aws.Start(t)))

	all := must[*eks.DescribeClusterVersionsOutput](t)(client.DescribeClusterVersions(t.Context(), &eks.DescribeClusterVersionsInput{}))
	if len(all.ClusterVersions) < 3 || all.ClusterVersions[0].VersionStatus != types.VersionStatusStandardSupport {
		t.Errorf("versions are %+v", all.ClusterVersions)
	}

	one := must[*eks.DescribeClusterVersionsOutput](t)(client.DescribeClusterVersions(t.Context(), &eks.DescribeClusterVersionsInput{DefaultOnly: sdk.Bool(true)}))
	if len(one.ClusterVersions) != 1 || !one.ClusterVersions[0].DefaultVersion {
		t.Errorf("default is %+v", one.ClusterVersions)
	}

	addons := must[*eks.DescribeAddonVersionsOutput](t)(client.DescribeAddonVersions(t.Context(), &eks.DescribeAddonVersionsInput{
		AddonName: sdk.String("kube-proxy"), KubernetesVersion: sdk.String("1.34"),
	}))
	if len(addons.Addons) != 1 || len(addons.Addons[0].AddonVersions) != 2 || !strings.HasPrefix(*addons.Addons[0].AddonVersions[0].AddonVersion, "v1.34.") {
		t.Errorf("add-ons are %+v", addons.Addons)
	}
}
