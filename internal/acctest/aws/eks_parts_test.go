package aws_test

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

func TestEKS_NodegroupsKeepTheirVersionsAndStates(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, c := newCluster(t, d, "c")
	d.Hold(aws.Nodegroups, 1)

	name, pool := sdk.String("c"), sdk.String("pool")
	made := must[*eks.CreateNodegroupOutput](t)(client.CreateNodegroup(t.Context(), &eks.CreateNodegroupInput{
		ClusterName: name, NodegroupName: pool, NodeRole: sdk.String("arn:aws:iam::" + d.Account + ":role/node"), Subnets: c.ResourcesVpcConfig.SubnetIds,
		UpdateConfig: &types.NodegroupUpdateConfig{MaxUnavailable: sdk.Int32(2)}, DiskSize: sdk.Int32(50), Labels: map[string]string{"a": "b"},
	}))

	if made.Nodegroup.Status != types.NodegroupStatusCreating {
		t.Errorf("made one that is %s", made.Nodegroup.Status)
	}

	look := func(states ...types.NodegroupStatus) (last *types.Nodegroup) {
		t.Helper()

		for _, want := range states {
			last = must[*eks.DescribeNodegroupOutput](t)(client.DescribeNodegroup(t.Context(), &eks.DescribeNodegroupInput{ClusterName: name, NodegroupName: pool})).Nodegroup
			if last.Status != want {
				t.Errorf("state is %s, want %s", last.Status, want)
			}
		}

		return last
	}

	n := look(types.NodegroupStatusCreating, types.NodegroupStatusActive)
	if *n.Version != "1.33" || *n.DiskSize != 50 || *n.UpdateConfig.MaxUnavailable != 2 || n.Labels["a"] != "b" || n.RemoteAccess != nil {
		t.Errorf("node group is %+v", n)
	}

	scale := &eks.UpdateNodegroupConfigInput{
		ClusterName: name, NodegroupName: pool, ScalingConfig: &types.NodegroupScalingConfig{MinSize: sdk.Int32(1), MaxSize: sdk.Int32(5), DesiredSize: sdk.Int32(1)},
		UpdateConfig: &types.NodegroupUpdateConfig{MaxUnavailable: sdk.Int32(3)},
	}
	update := must[*eks.UpdateNodegroupConfigOutput](t)(client.UpdateNodegroupConfig(t.Context(), scale))

	_, err := client.UpdateNodegroupConfig(t.Context(), scale)
	wantCode(t, err, "ResourceInUseException")

	if n := look(types.NodegroupStatusUpdating, types.NodegroupStatusActive); *n.ScalingConfig.MaxSize != 5 || *n.UpdateConfig.MaxUnavailable != 3 {
		t.Errorf("node group is %+v", n)
	}

	done := must[*eks.DescribeUpdateOutput](t)(client.DescribeUpdate(t.Context(), &eks.DescribeUpdateInput{Name: name, NodegroupName: pool, UpdateId: update.Update.Id}))
	if done.Update.Status != types.UpdateStatusSuccessful || done.Update.Type != types.UpdateTypeConfigUpdate {
		t.Errorf("update is %+v", done.Update)
	}

	arn := n.NodegroupArn
	must[*eks.TagResourceOutput](t)(client.TagResource(t.Context(), &eks.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"c": "d", "e": "f"}}))
	must[*eks.UntagResourceOutput](t)(client.UntagResource(t.Context(), &eks.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"e"}}))

	tags := must[*eks.ListTagsForResourceOutput](t)(client.ListTagsForResource(t.Context(), &eks.ListTagsForResourceInput{ResourceArn: arn})).Tags
	if n := look(types.NodegroupStatusActive); len(tags) != 1 || tags["c"] != "d" || len(n.Tags) != 1 || n.Tags["c"] != "d" {
		t.Errorf("tags are %v, and %v", tags, n.Tags)
	}

	upgrade := &eks.UpdateNodegroupVersionInput{ClusterName: name, NodegroupName: pool, Version: sdk.String("1.34")}
	_, err = client.UpdateNodegroupVersion(t.Context(), upgrade)
	wantCode(t, err, "InvalidParameterException") // the cluster comes first

	must[*eks.UpdateClusterVersionOutput](t)(client.UpdateClusterVersion(t.Context(), &eks.UpdateClusterVersionInput{Name: name, Version: sdk.String("1.34")}))
	must[*eks.UpdateNodegroupVersionOutput](t)(client.UpdateNodegroupVersion(t.Context(), upgrade))

	if n := look(types.NodegroupStatusUpdating, types.NodegroupStatusActive); *n.Version != "1.34" {
		t.Errorf("version is %s, want 1.34", *n.Version)
	}

	must[*eks.DeleteNodegroupOutput](t)(client.DeleteNodegroup(t.Context(), &eks.DeleteNodegroupInput{ClusterName: name, NodegroupName: pool}))
	_, err = client.DeleteCluster(t.Context(), &eks.DeleteClusterInput{Name: name})
	wantCode(t, err, "ResourceInUseException")
	look(types.NodegroupStatusDeleting)
	_, err = client.DescribeNodegroup(t.Context(), &eks.DescribeNodegroupInput{ClusterName: name, NodegroupName: pool})
	wantCode(t, err, "ResourceNotFoundException")
	must[*eks.DeleteClusterOutput](t)(client.DeleteCluster(t.Context(), &eks.DeleteClusterInput{Name: name}))
}

func TestEKS_AccessEntriesAndTheirPolicies(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, _ := newCluster(t, d, "c")
	name, who := sdk.String("c"), sdk.String("arn:aws:iam::"+d.Account+":role/path/person")
	policy := sdk.String("arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy")
	ctx := t.Context()

	in := &eks.CreateAccessEntryInput{ClusterName: name, PrincipalArn: who, Tags: map[string]string{"a": "b"}, KubernetesGroups: []string{"devs"}}
	entry := must[*eks.CreateAccessEntryOutput](t)(client.CreateAccessEntry(ctx, in)).AccessEntry

	if want := "arn:aws:sts::" + d.Account + ":assumed-role/person/{{SessionName}}"; *entry.Username != want || *entry.Type != "STANDARD" {
		t.Errorf("entry is %s of type %s, want %s", *entry.Username, *entry.Type, want)
	}

	in.ClientRequestToken = nil // the SDK left its own there
	_, err := client.CreateAccessEntry(ctx, in)
	wantCode(t, err, "ResourceInUseException")

	must[*eks.AssociateAccessPolicyOutput](t)(client.AssociateAccessPolicy(ctx, &eks.AssociateAccessPolicyInput{
		ClusterName: name, PrincipalArn: who, PolicyArn: policy, AccessScope: &types.AccessScope{Type: types.AccessScopeTypeNamespace, Namespaces: []string{"n"}},
	}))

	listed := must[*eks.ListAssociatedAccessPoliciesOutput](t)(client.ListAssociatedAccessPolicies(ctx, &eks.ListAssociatedAccessPoliciesInput{ClusterName: name, PrincipalArn: who}))
	if p := listed.AssociatedAccessPolicies; len(p) != 1 || *p[0].PolicyArn != *policy || p[0].AccessScope.Namespaces[0] != "n" {
		t.Errorf("policies are %+v", p)
	}

	must[*eks.UpdateAccessEntryOutput](t)(client.UpdateAccessEntry(ctx, &eks.UpdateAccessEntryInput{ClusterName: name, PrincipalArn: who, KubernetesGroups: []string{"ops"}}))
	must[*eks.TagResourceOutput](t)(client.TagResource(ctx, &eks.TagResourceInput{ResourceArn: entry.AccessEntryArn, Tags: map[string]string{"c": "d"}}))
	must[*eks.UntagResourceOutput](t)(client.UntagResource(ctx, &eks.UntagResourceInput{ResourceArn: entry.AccessEntryArn, TagKeys: []string{"a"}}))

	got := must[*eks.DescribeAccessEntryOutput](t)(client.DescribeAccessEntry(ctx, &eks.DescribeAccessEntryInput{ClusterName: name, PrincipalArn: who})).AccessEntry
	if got.KubernetesGroups[0] != "ops" || len(got.Tags) != 1 || got.Tags["c"] != "d" {
		t.Errorf("entry is %+v", got)
	}

	// Whoever makes a cluster has an entry.
	pages := eks.NewListAccessEntriesPaginator(client, &eks.ListAccessEntriesInput{ClusterName: name}, func(o *eks.ListAccessEntriesPaginatorOptions) { o.Limit = 1 })

	var all []string
	for pages.HasMorePages() {
		all = append(all, must[*eks.ListAccessEntriesOutput](t)(pages.NextPage(ctx)).AccessEntries...)
	}

	if !slices.Equal(all, []string{*who, "arn:aws:iam::" + d.Account + ":user/moto"}) {
		t.Errorf("entries are %v", all)
	}

	out := &eks.DisassociateAccessPolicyInput{ClusterName: name, PrincipalArn: who, PolicyArn: policy}
	must[*eks.DisassociateAccessPolicyOutput](t)(client.DisassociateAccessPolicy(ctx, out))
	_, err = client.DisassociateAccessPolicy(ctx, out)
	wantCode(t, err, "ResourceNotFoundException")

	must[*eks.DeleteAccessEntryOutput](t)(client.DeleteAccessEntry(ctx, &eks.DeleteAccessEntryInput{ClusterName: name, PrincipalArn: who}))
	_, err = client.DescribeAccessEntry(ctx, &eks.DescribeAccessEntryInput{ClusterName: name, PrincipalArn: who})
	wantCode(t, err, "ResourceNotFoundException")

	old, _ := newCluster(t, d, "old", func(in *eks.CreateClusterInput) { in.AccessConfig = nil })
	_, err = old.CreateAccessEntry(ctx, &eks.CreateAccessEntryInput{ClusterName: sdk.String("old"), PrincipalArn: who})
	wantCode(t, err, "InvalidRequestException")
}

func TestEKS_AddonsComeAndGo(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, _ := newCluster(t, d, "c")
	d.Hold(aws.Addons, 1)

	name, addon, ctx := sdk.String("c"), sdk.String("aws-ebs-csi-driver"), t.Context()
	pods := []types.AddonPodIdentityAssociations{{RoleArn: sdk.String("arn:aws:iam::" + d.Account + ":role/ebs"), ServiceAccount: sdk.String("ebs-csi-controller-sa")}}
	made := must[*eks.CreateAddonOutput](t)(client.CreateAddon(ctx, &eks.CreateAddonInput{ClusterName: name, AddonName: addon, PodIdentityAssociations: pods, Tags: map[string]string{"a": "b"}}))

	if made.Addon.Status != types.AddonStatusCreating {
		t.Errorf("made one that is %s", made.Addon.Status)
	}

	look := func(states ...types.AddonStatus) (last *types.Addon) {
		t.Helper()

		for _, want := range states {
			last = must[*eks.DescribeAddonOutput](t)(client.DescribeAddon(ctx, &eks.DescribeAddonInput{ClusterName: name, AddonName: addon})).Addon
			if last.Status != want {
				t.Errorf("state is %s, want %s", last.Status, want)
			}
		}

		return last
	}

	if a := look(types.AddonStatusCreating, types.AddonStatusActive); *a.AddonVersion != "v1.49.0-eksbuild.1" || len(a.PodIdentityAssociations) != 1 || a.Tags["a"] != "b" {
		t.Errorf("add-on is %+v", a)
	}

	update := must[*eks.UpdateAddonOutput](t)(client.UpdateAddon(ctx, &eks.UpdateAddonInput{ClusterName: name, AddonName: addon, AddonVersion: sdk.String("v1.50.0-eksbuild.1")}))

	if a := look(types.AddonStatusUpdating, types.AddonStatusActive); *a.AddonVersion != "v1.50.0-eksbuild.1" || len(a.PodIdentityAssociations) != 1 {
		t.Errorf("add-on is %+v", a)
	}

	done := must[*eks.DescribeUpdateOutput](t)(client.DescribeUpdate(ctx, &eks.DescribeUpdateInput{Name: name, AddonName: addon, UpdateId: update.Update.Id}))
	if done.Update.Type != types.UpdateTypeAddonUpdate || done.Update.Status != types.UpdateStatusSuccessful {
		t.Errorf("update is %+v", done.Update)
	}

	list := must[*eks.ListAddonsOutput](t)(client.ListAddons(ctx, &eks.ListAddonsInput{ClusterName: name}))
	if !slices.Equal(list.Addons, []string{*addon}) {
		t.Errorf("add-ons are %v", list.Addons)
	}

	for _, wrong := range []*eks.CreateAddonInput{{ClusterName: name, AddonName: sdk.String("none")}, {ClusterName: name, AddonName: sdk.String("coredns"), AddonVersion: sdk.String("v0")}} {
		_, err := client.CreateAddon(ctx, wrong)
		wantCode(t, err, "InvalidParameterException")
	}

	must[*eks.DeleteAddonOutput](t)(client.DeleteAddon(ctx, &eks.DeleteAddonInput{ClusterName: name, AddonName: addon}))
	look(types.AddonStatusDeleting)
	_, err := client.DescribeAddon(ctx, &eks.DescribeAddonInput{ClusterName: name, AddonName: addon})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestEKS_PodIdentitiesAreAssociated(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, _ := newCluster(t, d, "c")
	name, ctx, arn := sdk.String("c"), t.Context(), "arn:aws:iam::"+d.Account+":role/"

	in := &eks.CreatePodIdentityAssociationInput{ClusterName: name, Namespace: sdk.String("zenml"), ServiceAccount: sdk.String("runner"), RoleArn: sdk.String(arn + "one")}
	made := must[*eks.CreatePodIdentityAssociationOutput](t)(client.CreatePodIdentityAssociation(ctx, in)).Association
	in.ClientRequestToken = nil // the SDK left its own there
	_, err := client.CreatePodIdentityAssociation(ctx, in)
	wantCode(t, err, "ResourceInUseException")

	must[*eks.UpdatePodIdentityAssociationOutput](t)(client.UpdatePodIdentityAssociation(ctx, &eks.UpdatePodIdentityAssociationInput{
		ClusterName: name, AssociationId: made.AssociationId, RoleArn: sdk.String(arn + "two"),
	}))

	got := must[*eks.DescribePodIdentityAssociationOutput](t)(client.DescribePodIdentityAssociation(ctx, &eks.DescribePodIdentityAssociationInput{
		ClusterName: name, AssociationId: made.AssociationId,
	})).Association
	if *got.RoleArn != arn+"two" || *got.Namespace != "zenml" || *got.ServiceAccount != "runner" {
		t.Errorf("association is %+v", got)
	}

	for namespace, want := range map[string]int{"zenml": 1, "other": 0} {
		list := must[*eks.ListPodIdentityAssociationsOutput](t)(client.ListPodIdentityAssociations(ctx, &eks.ListPodIdentityAssociationsInput{ClusterName: name, Namespace: &namespace}))
		if len(list.Associations) != want {
			t.Errorf("%d associations in %s, want %d", len(list.Associations), namespace, want)
		}
	}

	out := &eks.DeletePodIdentityAssociationInput{ClusterName: name, AssociationId: made.AssociationId}
	must[*eks.DeletePodIdentityAssociationOutput](t)(client.DeletePodIdentityAssociation(ctx, out))
	_, err = client.DeletePodIdentityAssociation(ctx, out)
	wantCode(t, err, "ResourceNotFoundException")
}
