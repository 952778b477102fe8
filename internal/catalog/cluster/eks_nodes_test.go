package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/eks"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// groups are the node groups that the cluster has.
func groups(t *testing.T, d *awstest.Double) []string {
	t.Helper()

	list, err := sdk.NewFromConfig(d.Config(awstest.Region)).ListNodegroups(t.Context(), &sdk.ListNodegroupsInput{ClusterName: aws.String("dev")})
	if err != nil {
		t.Fatal(err)
	}

	return list.Nodegroups
}

// createdAt is when the control plane was made.
func createdAt(t *testing.T, d *awstest.Double) time.Time {
	t.Helper()

	answer, err := sdk.NewFromConfig(d.Config(awstest.Region)).DescribeCluster(t.Context(), &sdk.DescribeClusterInput{Name: aws.String("dev")})
	if err != nil {
		t.Fatal(err)
	}

	return aws.ToTime(answer.Cluster.CreatedAt)
}

// running makes the plain cluster, and returns what its next operation is told.
func running(t *testing.T, d *awstest.Double) flavor.Input {
	t.Helper()

	api(t, d)

	in := input(t, d)

	made, err := eksDriver{}.Create(t.Context(), in, plain())
	if err != nil {
		t.Fatal(err)
	}

	in.Incarnation, in.Outputs = made.Incarnation, made.Outputs

	return in
}

// others are nodes of another type, of which there is one way to get: another group.
func others() eksConfig {
	cfg := plain()
	cfg.NodeGroup.InstanceTypes = []string{"m7i.large", "m6i.xlarge"}

	return cfg
}

func TestEKS_OtherNodesTakeTheirPlaceInTheSameCluster(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	in, old := running(t, d), plain()
	since := createdAt(t, d)

	d.Hold(awstest.Nodegroups, 3)

	for name, change := range map[string]func(*eksNodes){
		"instance_types": func(n *eksNodes) { n.InstanceTypes = []string{"m7i.large"} },
		"disk_gb":        func(n *eksNodes) { n.DiskGB = 80 },
		"capacity":       func(n *eksNodes) { n.Capacity = "SPOT" },
		"ami_type":       func(n *eksNodes) { n.AMI = "BOTTLEROCKET_x86_64" },
	} {
		cfg, was := old, groups(t, d)
		change(&cfg.NodeGroup)

		if _, err := (eksDriver{}).Update(t.Context(), in, "dev", old, cfg); err != nil {
			t.Fatalf("%s: %v", name, err)
		}

		if is := groups(t, d); len(is) != 1 || slices.Equal(is, was) || !createdAt(t, d).Equal(since) {
			t.Errorf("%s: node groups are %q, were %q; the cluster is of %s, was of %s", name, is, was, createdAt(t, d), since)
		}

		observed, seen, err := eksDriver{}.Read(t.Context(), in, "dev", cfg)
		if err != nil || len(seen.Drift) > 0 || fmt.Sprint(observed) != fmt.Sprint(cfg) {
			t.Errorf("%s: %+v\n%+v\n%v", name, observed, seen, err)
		}

		old = cfg
	}

	imported := in
	imported.Name, imported.Was, imported.Labels = "", "", map[string]string{}

	if cfg, _, err := (eksDriver{}).Read(t.Context(), imported, "dev", eksConfig{}); err != nil || fmt.Sprint(cfg) != fmt.Sprint(old) {
		t.Errorf("an import reads %+v, %v", cfg, err)
	}

	if err := (eksDriver{}).Delete(t.Context(), in, "dev", old); err != nil || len(left(t, d)) > 0 {
		t.Errorf("it leaves %q, %v", left(t, d), err)
	}
}

// Whatever a change of nodes was interrupted at, the next run gets to its end; and so does one that wants the former nodes.
func TestEKS_ChangeOfNodesConvergesAfterAnInterruption(t *testing.T) {
	t.Parallel()

	refuse := func(operation string) func(*testing.T, *awstest.Double) context.Context {
		return func(t *testing.T, d *awstest.Double) context.Context {
			t.Helper()
			d.Inject(awstest.Fault{Operation: operation, Status: 403, Code: "AccessDeniedException", Message: "no"})

			return t.Context()
		}
	}

	for name, interrupt := range map[string]func(*testing.T, *awstest.Double) context.Context{
		"before the new ones are made": refuse("eks:CreateNodegroup"), "before the old ones are deleted": refuse("eks:DeleteNodegroup"),
		"while the new ones come up": func(t *testing.T, d *awstest.Double) context.Context {
			t.Helper()
			d.Hold(awstest.Nodegroups, 300)

			ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
			t.Cleanup(cancel)

			return ctx
		},
	} {
		for goal, wanted := range map[string]eksConfig{"goes on": others(), "goes back": plain()} {
			t.Run(name+" "+goal, func(t *testing.T) {
				t.Parallel()

				d := awstest.Start(t)
				in := running(t, d)
				since, was := createdAt(t, d), groups(t, d)

				changed, err := eksDriver{}.Update(interrupt(t, d), in, "dev", plain(), others())
				if err == nil || changed.ID != "" || !slices.Contains(groups(t, d), was[0]) {
					t.Fatalf("it is not interrupted, or too late: %+v, %q, %v", changed, groups(t, d), err)
				}

				d.Hold(awstest.Nodegroups, 0)

				left := len(groups(t, d)) == 2

				cfg, seen, err := eksDriver{}.Read(t.Context(), in, "dev", plain())
				if shown := strings.Contains(strings.Join(seen.Drift, "\n"), "is left beside"); err != nil || shown != left {
					t.Errorf("of %q it shows %q, %v", groups(t, d), seen.Drift, err)
				}

				if _, err := (eksDriver{}).Update(t.Context(), in, "dev", cfg, wanted); err != nil {
					t.Fatal(err)
				}

				is := groups(t, d)
				if len(is) != 1 || slices.Equal(is, was) != (goal == "goes back") || !createdAt(t, d).Equal(since) {
					t.Errorf("node groups are %q, were %q", is, was)
				}

				if observed, seen, err := (eksDriver{}).Read(t.Context(), in, "dev", wanted); err != nil || len(seen.Drift) > 0 || fmt.Sprint(observed) != fmt.Sprint(wanted) {
					t.Errorf("%+v %q %v", observed, seen.Drift, err)
				}
			})
		}
	}
}

// Groups of others stay, even one that is called like ours.
func TestEKS_LeavesTheNodesOfOthers(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	in := running(t, d)
	client := sdk.NewFromConfig(d.Config(awstest.Region))

	own, err := client.DescribeNodegroup(t.Context(), &sdk.DescribeNodegroupInput{ClusterName: aws.String("dev"), NodegroupName: aws.String(groups(t, d)[0])})
	if err != nil {
		t.Fatal(err)
	}

	for name, tags := range map[string]map[string]string{"gpu": own.Nodegroup.Tags, "nodes-of-ann": {"team": "ann"}} {
		if _, err := client.CreateNodegroup(t.Context(), &sdk.CreateNodegroupInput{
			ClusterName: aws.String("dev"), NodegroupName: aws.String(name), NodeRole: own.Nodegroup.NodeRole, Subnets: own.Nodegroup.Subnets, Tags: tags,
		}); err != nil {
			t.Fatal(err)
		}
	}

	if _, err := (eksDriver{}).Update(t.Context(), in, "dev", plain(), others()); err != nil {
		t.Fatal(err)
	}

	if is := groups(t, d); len(is) != 3 || !slices.Contains(is, "gpu") || !slices.Contains(is, "nodes-of-ann") {
		t.Errorf("node groups are %q", is)
	}

	if _, seen, err := (eksDriver{}).Read(t.Context(), in, "dev", others()); err != nil || len(seen.Drift) > 0 {
		t.Errorf("%q, %v", seen.Drift, err)
	}
}

func TestEKS_LabelsChangeOnClusterAndNodes(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	in := running(t, d)
	client := sdk.NewFromConfig(d.Config(awstest.Region))

	tags := func() map[string]map[string]string {
		made, err := client.DescribeCluster(t.Context(), &sdk.DescribeClusterInput{Name: aws.String("dev")})
		if err != nil {
			t.Fatal(err)
		}

		nodes, err := client.DescribeNodegroup(t.Context(), &sdk.DescribeNodegroupInput{ClusterName: aws.String("dev"), NodegroupName: aws.String(groups(t, d)[0])})
		if err != nil {
			t.Fatal(err)
		}

		return map[string]map[string]string{aws.ToString(made.Cluster.Arn): made.Cluster.Tags, aws.ToString(nodes.Nodegroup.NodegroupArn): nodes.Nodegroup.Tags}
	}

	for arn := range tags() {
		if _, err := client.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: aws.String(arn), Tags: map[string]string{"bill": "7"}}); err != nil {
			t.Fatal(err)
		}
	}

	in.FormerLabels, in.Labels = in.Labels, map[string]string{"team": "ml"}

	if _, err := (eksDriver{}).Update(t.Context(), in, "dev", plain(), plain()); err != nil {
		t.Fatal(err)
	}

	for arn, all := range tags() {
		if _, former := all["cost"]; former || all["team"] != "ml" || all["bill"] != "7" {
			t.Errorf("%s has the tags %v", arn, all)
		}
	}

	if _, seen, err := (eksDriver{}).Read(t.Context(), in, "dev", plain()); err != nil || len(seen.Drift) > 0 {
		t.Errorf("%q, %v", seen.Drift, err)
	}
}
