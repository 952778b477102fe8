package live_test

import (
	"fmt"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

const (
	oneBucket = `
resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3 = {
    bucket        = "BUCKET"
    force_destroy = false
  }
}
`
	oneRepository = `
resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr  = { repository = "acme/ml" }
}
`
)

// on checks the line of the configuration that a message stands on.
func on(t *testing.T, output, line string) {
	t.Helper()

	if !acctest.SaysAll("on main.tf line", line).MatchString(output) {
		t.Errorf("it stands on another line than %q:\n%s", line, output)
	}
}

// What a plan can know is refused there, on the line at fault, and AWS is not asked.
func TestAWS_PlanRefusesWhatAWSWouldNotTake(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		configuration, line string
		says                []string
	}{
		"region spelled wrong": {
			strings.Replace(oneBucket, "force_destroy = false", `region = "eu-wst-1"`, 1), `region = "eu-wst-1"`,
			[]string{"Value that AWS does not take", `region: "eu-wst-1" is no AWS region: did you mean "eu-west-1"?`},
		},
		"bucket in capitals": {
			strings.Replace(oneBucket, "BUCKET", "Acme-ML", 1), `bucket        = "Acme-ML"`,
			[]string{"Value that AWS does not take", `bucket: Bucket name "Acme-ML" contains "A"`, "lower-case letters"},
		},
		"repository in capitals": {
			strings.Replace(oneRepository, "acme/ml", "Acme/ml", 1), `repository = "Acme/ml"`,
			[]string{"Value that AWS does not take", `repository: Repository name "Acme/ml"`},
		},
		"bucket in another region": {
			strings.Replace(uses, `{ bucket = "BUCKET" }`, `{ bucket = "BUCKET", region = "us-west-2" }`, 1) + jobs, "artifact_store     = mlstacks_artifact_store.main",
			[]string{
				"Bucket in another region", `of artifact_store "artifacts" is in us-west-2, and this component is in eu-west-1`, "SageMaker uses buckets of its own region",
				"Set region of both to the same one",
			},
		},
		"stack with a bucket in another region": {
			uses + jobs + `
resource "mlstacks_artifact_store" "far" {
  name = "far"
  s3   = { bucket = "BUCKET-far", region = "us-west-2" }
}
resource "mlstacks_stack" "main" {
  name               = "aws"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.far
  container_registry = mlstacks_container_registry.main
}`, "orchestrator       = mlstacks_orchestrator.main",
			[]string{
				`orchestrator "pipelines" (sagemaker) does not fit artifact_store "far" (s3)`, `is in "eu-west-1", artifact_store "far" (s3) in "us-west-2"`,
				"SageMaker refuses buckets of another region", "Rule: sagemaker-bucket-region",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			a := inAWS(t, c.configuration)
			on(t, a.fails([]string{"plan"}, c.says...), c.line)

			if calls := a.calls(); len(calls) > 0 {
				t.Errorf("AWS was asked: %v", calls)
			}
		})
	}
}

const jobs = `
resource "mlstacks_orchestrator" "main" {
  name = "pipelines"
  sagemaker = {
    artifact_store     = mlstacks_artifact_store.main
    container_registry = mlstacks_container_registry.main
  }
}
`

func TestAWS_PlanWarnsOfRegistryInAnotherRegion(t *testing.T) {
	t.Parallel()

	a := inAWS(t, strings.Replace(uses, `{ repository = "acme/ml" }`, `{ repository = "acme/ml", region = "us-east-1" }`, 1)+jobs)
	p := a.plan()

	if !acctest.SaysAll("Warning: Registry in another region", "on main.tf line", "container_registry = mlstacks_container_registry.main",
		`container_registry "images" is in us-east-1, and this component is in eu-west-1`, "Use a registry in eu-west-1.").MatchString(p.text) {
		t.Error(p.text)
	}
}

// What AWS says is told with what was being done and to what, the call it takes, and what to do about it.
func TestAWS_SaysWhatAWSDoesNotAllow(t *testing.T) {
	t.Parallel()

	a := inAWS(t, oneBucket)

	const told = "User: ci is not authorized to perform: s3:CreateBucket because no identity-based policy allows it"

	a.double.Inject(aws.Fault{Operation: "s3:CreateBucket", Status: 403, Code: "AccessDenied", Message: told})

	on(t, a.fails([]string{"apply", "-auto-approve"}, `Cannot create artifact store "artifacts"`, fmt.Sprintf("Create bucket %q: AWS said AccessDenied: %s", a.bucket(), told),
		"Grant it to who is logged in, then try again."), "s3 = {")

	a.double.Inject(aws.Fault{Operation: "s3:PutBucketVersioning", Status: 403, Code: "AccessDenied", Message: "Access Denied"})
	a.fails([]string{"apply", "-auto-approve"}, fmt.Sprintf("Set the versioning of bucket %q", a.bucket()), "s3:PutBucketVersioning")

	a.double.Reset()
	a.apply() // what was made half is made whole
	a.settled()

	a.double.Inject(aws.Fault{Operation: "s3:GetBucketVersioning", Status: 403, Code: "AccessDenied", Message: "Access Denied"})
	a.fails([]string{"plan"}, `Cannot read artifact store "artifacts"`, fmt.Sprintf("Read the versioning of bucket %q", a.bucket()), "s3:GetBucketVersioning")
	a.double.Reset()

	a.double.Inject(aws.Fault{Operation: "s3:DeleteBucket", Status: 403, Code: "AccessDenied", Message: "Access Denied"})
	a.fails([]string{"destroy", "-auto-approve"}, `Cannot delete artifact store "artifacts"`, fmt.Sprintf("Delete bucket %q", a.bucket()), "s3:DeleteBucket")
	a.double.Reset()

	a.leavesNothing()
}

func TestAWS_BucketOfOthersIsNotTaken(t *testing.T) {
	t.Parallel()

	a := inAWS(t, oneBucket)

	theirs := s3.NewFromConfig(aws.As(a.double.Config(aws.Region), a.double.Other), func(o *s3.Options) { o.UsePathStyle = true })
	made := &s3.CreateBucketInput{
		Bucket: sdk.String(a.bucket()), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: aws.Region},
	}
	gone := &s3.DeleteBucketInput{Bucket: made.Bucket}

	_, err := theirs.CreateBucket(t.Context(), made)
	must(t, err)

	on(t, a.fails([]string{"apply", "-auto-approve"}, `Cannot create artifact store "artifacts"`,
		fmt.Sprintf("Bucket %q exists and belongs to somebody else: names of buckets are unique in all of AWS, and this one is in another account.", a.bucket()),
		"Choose another name."), fmt.Sprintf("bucket        = %q", a.bucket()))

	_, err = theirs.DeleteBucket(t.Context(), gone)
	must(t, err)

	// One of the own account that nobody has marked is not taken either, but can be had.
	_, err = a.s3().CreateBucket(t.Context(), made)
	must(t, err)

	output := a.fails([]string{"apply", "-auto-approve"}, fmt.Sprintf("Bucket %q exists and belongs to somebody else: it was not made by mlstacks.", a.bucket()), "terraform import")
	on(t, output, fmt.Sprintf("bucket        = %q", a.bucket()))

	if !acctest.Says("'s3/" + a.bucket() + "'").MatchString(output) {
		t.Errorf("it does not say how to import the bucket:\n%s", output)
	}

	a.does("import", bucketAddress, "s3/"+a.bucket())
	a.apply()
	a.settled()
	a.leavesNothing()
}

func TestAWS_BucketWithDataIsDeletedWithConsentOnly(t *testing.T) {
	t.Parallel()

	// moto denies what a policy denies on a condition, without looking at the condition.
	filled := strings.Replace(oneBucket, "force_destroy", "tls_only      = false\n    force_destroy", 1)

	a := inAWS(t, filled)
	a.apply()

	for range 2 { // two versions
		_, err := a.s3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: sdk.String(a.bucket()), Key: sdk.String("model.pkl"), Body: strings.NewReader("x")})
		must(t, err)
	}

	a.fails([]string{"destroy", "-auto-approve"}, `Cannot delete artifact store "artifacts"`, fmt.Sprintf("Bucket %q", a.bucket()), "holds data",
		"Nothing of it was deleted.", "set force_destroy = true, apply that, and destroy again")

	a.write(a.named(strings.Replace(filled, "destroy = false", "destroy = true", 1)))
	a.apply()
	a.leavesNothing()
}
