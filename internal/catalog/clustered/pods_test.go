package clustered

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/eks/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	awstest "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

func podSite(t *testing.T, d *awstest.Double) Site {
	t.Helper()

	keys, err := d.Counted(awstest.Region).Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	return Site{Namespace: "mlstacks", Name: "runs", Input: flavor.Input{
		Kind: "orchestrator", Name: "runs", Managed: true, Cluster: &flavor.Cluster{Name: "dev", Reference: map[string]string{
			"type": "eks", "name": "dev", "region": awstest.Region, "account": d.Account,
		}},
		Clouds: flavor.Clouds{amazon.Cloud: amazon.Login{Session: session.New(session.Config{
			Region: "us-east-1", AccessKey: keys.AccessKeyID, SecretKey: keys.SecretAccessKey,
			Endpoints: map[string]string{"eks": d.Endpoint, "iam": d.Endpoint, "sts": d.Endpoint},
		})}},
	}}
}

func TestIdentity_LetsPodsIntoOneBucketAndLeavesNothing(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	site := podSite(t, d)
	d.Propagate(1)

	clusters, roles := eks.NewFromConfig(d.Config(awstest.Region)), iam.NewFromConfig(d.Config(awstest.Region))

	_, err := clusters.CreateCluster(t.Context(), &eks.CreateClusterInput{
		Name: aws.String("dev"), RoleArn: aws.String("arn:aws:iam::" + d.Account + ":role/x"), ResourcesVpcConfig: &types.VpcConfigRequest{},
	})
	if err != nil {
		t.Fatal(err)
	}

	bucket, ok := BucketOf(&Component{Flavor: "s3", Outputs: map[string]string{"bucket": "acme"}}, "")
	if !ok || bucket.Name != "acme" {
		t.Fatalf("%+v %t", bucket, ok)
	}

	identity := &Identity{Flavor: "kubernetes", Namespace: "mlstacks", Account: "runs-orchestrator-step", Bucket: bucket}

	for range 2 { // the second time it is there
		if err := identity.Ensure(t.Context(), site); err != nil {
			t.Fatal(err)
		}
	}

	list, err := clusters.ListPodIdentityAssociations(t.Context(), &eks.ListPodIdentityAssociationsInput{ClusterName: aws.String("dev")})
	if err != nil || len(list.Associations) != 1 || aws.ToString(list.Associations[0].ServiceAccount) != "runs-orchestrator-step" {
		t.Fatalf("%+v, %v", list, err)
	}

	found, err := clusters.DescribePodIdentityAssociation(t.Context(), &eks.DescribePodIdentityAssociationInput{
		ClusterName: aws.String("dev"), AssociationId: list.Associations[0].AssociationId,
	})
	if err != nil {
		t.Fatal(err)
	}

	arn := aws.ToString(found.Association.RoleArn)
	name := arn[strings.LastIndex(arn, "/")+1:]

	document, err := roles.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: aws.String(name), PolicyName: aws.String("artifacts")})
	if err != nil {
		t.Fatal(err)
	}

	if same, err := policy.Equal(aws.ToString(document.PolicyDocument), policy.PodStore(policy.Place{
		Partition: "aws", Region: awstest.Region, Account: d.Account,
	}, bucket).JSON()); err != nil || !same {
		t.Errorf("the role may %s", aws.ToString(document.PolicyDocument))
	}

	showsAndRemoves(t, d, site, identity, list.Associations[0].AssociationId)
}

// showsAndRemoves takes the association away by hand, and then removes the identity.
func showsAndRemoves(t *testing.T, d *awstest.Double, site Site, identity *Identity, association *string) {
	t.Helper()

	clusters, roles := eks.NewFromConfig(d.Config(awstest.Region)), iam.NewFromConfig(d.Config(awstest.Region))

	if lines, err := identity.Drift(t.Context(), site); err != nil || len(lines) > 0 {
		t.Errorf("drift of what was just made is %q, %v", lines, err)
	}

	_, err := clusters.DeletePodIdentityAssociation(t.Context(), &eks.DeletePodIdentityAssociationInput{
		ClusterName: aws.String("dev"), AssociationId: association,
	})
	if err != nil {
		t.Fatal(err)
	}

	if lines, err := identity.Drift(t.Context(), site); err != nil || len(lines) != 1 || !strings.Contains(lines[0], "does not exist") {
		t.Errorf("drift is %q, %v", lines, err)
	}

	for range 2 { // what is gone is no error
		if err := identity.Remove(t.Context(), site, false); err != nil {
			t.Fatal(err)
		}
	}

	if left, err := roles.ListRoles(t.Context(), &iam.ListRolesInput{}); err != nil || len(left.Roles) > 0 {
		t.Errorf("it leaves %d roles, %v", len(left.Roles), err)
	}
}

func TestIdentity_RemovesItsRoleAfterTheClusterIsGone(t *testing.T) {
	t.Parallel()

	d := awstest.Start(t)
	site := podSite(t, d)
	identity := &Identity{Flavor: "kubernetes", Namespace: "mlstacks", Account: "runs", Bucket: policy.Bucket{Name: "acme"}}

	if err := identity.Ensure(t.Context(), site); err == nil || errors.Is(err, flavor.ErrNotFound) {
		t.Errorf("without a cluster it says %v", err)
	}

	if err := identity.Remove(t.Context(), site, true); err != nil {
		t.Fatal(err)
	}

	left, err := iam.NewFromConfig(d.Config(awstest.Region)).ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil || len(left.Roles) > 0 {
		t.Errorf("it leaves %d roles, %v", len(left.Roles), err)
	}
}

func TestCheckPods_RefusesBucketsOfS3OutsideOfEKS(t *testing.T) {
	t.Parallel()

	of := func(kind any) map[string]any { return map[string]any{"reference": map[string]any{"type": kind}} }

	for name, test := range map[string]struct {
		flavor  string
		cluster any
		refused bool
	}{
		"s3 on EKS": {"s3", of("eks"), false}, "s3 on k3d": {"s3", of("k3d"), true}, "s3 in a kubeconfig": {"s3", of("kubeconfig"), true},
		"minio on k3d": {"minio", of("k3d"), false}, "not known yet": {"s3", of(zenml.Unknown{}), false}, "no cluster": {"s3", nil, false},
	} {
		problems := CheckPods("artifact_store")(flavor.Subject{
			Values: flavor.Values{"artifact_store": map[string]any{"name": "a", "flavor": test.flavor}}, Cluster: test.cluster,
		})
		if (len(problems) > 0) != test.refused {
			t.Errorf("%s: %+v", name, problems)
		}
	}

	var nobody *Identity
	if lines, err := nobody.Drift(t.Context(), Site{}); err != nil || lines != nil || nobody.Ensure(t.Context(), Site{}) != nil || nobody.Remove(t.Context(), Site{}, false) != nil {
		t.Error("nobody is somebody")
	}
}
