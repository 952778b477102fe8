package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestEKS_ChangesInPlace(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	api(t, d)

	in, old := input(t, d), plain()

	made, err := eksDriver{}.Create(t.Context(), in, old)
	if err != nil {
		t.Fatal(err)
	}

	in.Incarnation, in.Outputs = made.Incarnation, made.Outputs
	cfg := plain()
	cfg.Version, cfg.PublicCIDRs, cfg.Logs, cfg.DeletionProtection, cfg.Support = "1.36", []string{"10.1.0.0/16"}, []string{"audit", "api"}, true, "STANDARD"
	cfg.NodeGroup.Max, cfg.NodeGroup.Desired = 5, 4
	cfg.Administrators = []string{"arn:aws:iam::" + d.Account + ":role/team/admin"}
	cfg.Addons = map[string]string{"vpc-cni": "v1.20.4-eksbuild.1", "kube-proxy": "", "coredns": "", "metrics-server": ""}
	cfg.AddonConfiguration = map[string]string{"coredns": `{"replicaCount":3}`}

	for _, kind := range []string{awstest.Clusters, awstest.Nodegroups, awstest.Addons, awstest.Updates} {
		d.Hold(kind, 2)
	}

	changed, err := eksDriver{}.Update(t.Context(), in, "dev", old, cfg)
	if err != nil || changed.Incarnation != made.Incarnation {
		t.Fatalf("%+v: %v", changed, err)
	}

	observed, seen, err := eksDriver{}.Read(t.Context(), in, "dev", cfg)
	if err != nil || len(seen.Drift) > 0 || fmt.Sprint(observed) != fmt.Sprint(cfg) || seen.Version != "1.36" {
		t.Errorf("%+v\n%+v\n%+v\n%v", observed, cfg, seen, err)
	}

	client := sdk.NewFromConfig(d.Config(awstest.Region))

	proxy, err := client.DescribeAddon(t.Context(), &sdk.DescribeAddonInput{ClusterName: aws.String("dev"), AddonName: aws.String("kube-proxy")})
	if err != nil || !strings.HasPrefix(aws.ToString(proxy.Addon.AddonVersion), "v1.36.") {
		t.Errorf("kube-proxy has the version %s, %v", aws.ToString(proxy.Addon.AddonVersion), err)
	}

	all, err := client.ListAddons(t.Context(), &sdk.ListAddonsInput{ClusterName: aws.String("dev")})
	if err != nil || !slices.Equal(all.Addons, []string{"coredns", "kube-proxy", "metrics-server", "vpc-cni"}) {
		t.Errorf("add-ons are %q, %v", all.Addons, err)
	}

	err = eksDriver{}.Delete(t.Context(), in, "dev", cfg)
	if err == nil || !strings.Contains(err.Error(), "is protected from deletion") {
		t.Errorf("of a protected cluster it says %v", err)
	}

	cfg.DeletionProtection = false

	if _, err := (eksDriver{}).Update(t.Context(), in, "dev", cfg, cfg); err != nil {
		t.Fatal(err)
	}

	if err := (eksDriver{}).Delete(t.Context(), in, "dev", cfg); err != nil || len(left(t, d)) > 0 {
		t.Errorf("it leaves %q, %v", left(t, d), err)
	}
}

// Drift made by hand shows, each on its own attribute where it has one, and is repaired.
func TestEKS_ShowsAndRepairsDrift(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	api(t, d)

	in := input(t, d)

	made, err := eksDriver{}.Create(t.Context(), in, plain())
	if err != nil {
		t.Fatal(err)
	}

	in.Incarnation, in.Outputs = made.Incarnation, made.Outputs
	client, name := sdk.NewFromConfig(d.Config(awstest.Region)), aws.String("dev")
	group := groups(t, d)[0]

	for _, change := range []struct {
		says  string
		do    func(context.Context) error
		shown func(eksConfig) bool
	}{
		{"", func(ctx context.Context) error {
			_, err := client.UpdateClusterConfig(ctx, &sdk.UpdateClusterConfigInput{Name: name, DeletionProtection: aws.Bool(true)})

			return err
		}, func(c eksConfig) bool { return c.DeletionProtection }},
		{"", func(ctx context.Context) error {
			_, err := client.UpdateClusterConfig(ctx, &sdk.UpdateClusterConfigInput{
				Name: name, ResourcesVpcConfig: &types.VpcConfigRequest{EndpointPublicAccess: aws.Bool(false)},
			})

			return err
		}, func(c eksConfig) bool { return len(c.PublicCIDRs) == 0 }},
		{"", func(ctx context.Context) error {
			_, err := client.UpdateNodegroupConfig(ctx, &sdk.UpdateNodegroupConfigInput{
				ClusterName: name, NodegroupName: aws.String(group), ScalingConfig: &types.NodegroupScalingConfig{DesiredSize: aws.Int32(3), MinSize: aws.Int32(1), MaxSize: aws.Int32(3)},
			})

			return err
		}, func(c eksConfig) bool { return c.NodeGroup.Desired == 3 }},
		{`add-on coredns of cluster "dev" does not exist`, func(ctx context.Context) error {
			_, err := client.DeleteAddon(ctx, &sdk.DeleteAddonInput{ClusterName: name, AddonName: aws.String("coredns")})

			return err
		}, nil},
		{`node group "` + group + `" of cluster "dev" does not exist`, func(ctx context.Context) error {
			_, err := client.DeleteNodegroup(ctx, &sdk.DeleteNodegroupInput{ClusterName: name, NodegroupName: aws.String(group)})

			return err
		}, nil},
		{`tag cost is "2"`, func(ctx context.Context) error {
			_, err := client.TagResource(ctx, &sdk.TagResourceInput{ResourceArn: aws.String(made.Outputs["arn"]), Tags: map[string]string{"cost": "2"}})

			return err
		}, nil},
		{"OIDC provider for", func(ctx context.Context) error {
			_, err := iam.NewFromConfig(d.Config(awstest.Region)).DeleteOpenIDConnectProvider(ctx, &iam.DeleteOpenIDConnectProviderInput{
				OpenIDConnectProviderArn: aws.String(made.Outputs["oidc_provider_arn"]),
			})

			return err
		}, nil},
	} {
		if err := change.do(t.Context()); err != nil {
			t.Fatal(err)
		}

		cfg, seen, err := eksDriver{}.Read(t.Context(), in, "dev", plain())
		drift := strings.Join(seen.Drift, "\n")

		if err != nil || change.shown == nil && !strings.Contains(drift, change.says) || change.shown != nil && (!change.shown(cfg) || drift != "") {
			t.Errorf("%s: drift is %q, attributes are %+v, %v", change.says, drift, cfg, err)
		}

		if _, err := (eksDriver{}).Update(t.Context(), in, "dev", cfg, plain()); err != nil {
			t.Fatal(err)
		}

		if cfg, seen, err = (eksDriver{}).Read(t.Context(), in, "dev", plain()); err != nil || len(seen.Drift) > 0 || fmt.Sprint(cfg) != fmt.Sprint(plain()) {
			t.Errorf("%s is not repaired: %+v %q %v", change.says, cfg, seen.Drift, err)
		}
	}
}
