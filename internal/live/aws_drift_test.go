package live_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// tampering is what somebody does by hand, and how the next plan shows it: paths of attributes, or lines of drift.
type tampering struct {
	what  string
	do    func(ctx context.Context, a *account) error
	shows []string
}

// drifts does one thing after the other. Each plan shows that alone, so that what was done before is known to be repaired.
func drifts(t *testing.T, address, configuration string, all []tampering) {
	t.Helper()

	a := inAWS(t, configuration)
	a.apply()

	for _, one := range all {
		if err := one.do(t.Context(), a); err != nil {
			t.Fatalf("%s: %v", one.what, err)
		}

		p := a.plan()
		wanted := []string{}

		for _, shown := range one.shows {
			wanted = append(wanted, address+a.named(shown))
		}

		if changed := p.changed(); !slices.Equal(changed, wanted) || p.of(address) != "update" {
			t.Errorf("%s: the plan changes %q, should be %q", one.what, changed, wanted)
		}

		a.apply()
	}

	a.settled()
	a.leavesNothing()
}

const driftingBucket = `
provider "mlstacks" { default_labels = { team = "ml" } }
resource "mlstacks_artifact_store" "main" {
  name = "artifacts"
  s3   = {
    bucket                       = "BUCKET"
    expire_noncurrent_after_days = 90
  }
}
`

func TestAWS_BucketThatSomebodyChangedIsRepaired(t *testing.T) {
	t.Parallel()

	name := func(a *account) *string { return sdk.String(a.bucket()) }

	drifts(t, bucketAddress, driftingBucket, []tampering{
		{"versioning", func(ctx context.Context, a *account) error {
			_, err := a.s3().PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
				Bucket: name(a), VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusSuspended},
			})

			return err
		}, []string{".s3.versioning"}},
		{"encryption", func(ctx context.Context, a *account) error {
			_, err := a.s3().PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{
				Bucket: name(a), ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
					ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{
						SSEAlgorithm: s3types.ServerSideEncryptionAwsKms, KMSMasterKeyID: sdk.String("arn:aws:kms:eu-west-1:" + a.double.Account + ":key/x"),
					},
				}}},
			})

			return err
		}, []string{".s3.kms_key"}},
		{"public access", func(ctx context.Context, a *account) error {
			_, err := a.s3().PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
				Bucket: name(a), PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: sdk.Bool(true)},
			})

			return err
		}, []string{".s3.block_public_access"}},
		{"policy", func(ctx context.Context, a *account) error {
			_, err := a.s3().DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: name(a)})

			return err
		}, []string{".s3.tls_only"}},
		{"uploads", func(ctx context.Context, a *account) error { return a.rule(ctx, "mlstacks-abort-uploads") }, []string{".s3.abort_uploads_after_days"}},
		{"versions", func(ctx context.Context, a *account) error { return a.rule(ctx, "mlstacks-expire-noncurrent") }, []string{".s3.expire_noncurrent_after_days"}},
		{"ownership", func(ctx context.Context, a *account) error {
			_, err := a.s3().DeleteBucketOwnershipControls(ctx, &s3.DeleteBucketOwnershipControlsInput{Bucket: name(a)})

			return err
		}, []string{": bucket \"BUCKET\" lets others own the objects that they write: ownership is not enforced"}},
		{"tags", func(ctx context.Context, a *account) error {
			_, err := a.s3().PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: name(a), Tagging: &s3types.Tagging{TagSet: []s3types.Tag{
				{Key: sdk.String("mlstacks:kind"), Value: sdk.String("artifact_store")},
				{Key: sdk.String("mlstacks:flavor"), Value: sdk.String("s3")},
				{Key: sdk.String("mlstacks:name"), Value: sdk.String("artifacts")},
				{Key: sdk.String("team"), Value: sdk.String("web")},
				{Key: sdk.String("theirs"), Value: sdk.String("stays")},
			}}})

			return err
		}, []string{`: tag team is "web", should be "ml"`}},
	})
}

// rule changes the days of one rule of the bucket's lifecycle.
func (a *account) rule(ctx context.Context, id string) error {
	found, err := a.s3().GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: sdk.String(a.bucket())})
	if err != nil {
		return err
	}

	for _, rule := range found.Rules {
		switch {
		case *rule.ID != id:
		case rule.AbortIncompleteMultipartUpload != nil:
			rule.AbortIncompleteMultipartUpload.DaysAfterInitiation = sdk.Int32(1)
		default:
			rule.NoncurrentVersionExpiration.NoncurrentDays = sdk.Int32(1)
		}
	}

	_, err = a.s3().PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: sdk.String(a.bucket()), LifecycleConfiguration: &s3types.BucketLifecycleConfiguration{Rules: found.Rules},
	})

	return err
}

const driftingRepository = `
provider "mlstacks" { default_labels = { team = "ml" } }
resource "mlstacks_container_registry" "main" {
  name = "images"
  ecr = {
    repository                 = "acme/ml"
    expire_untagged_after_days = 30
    keep_images                = 100
  }
}
`

func TestAWS_RepositoryThatSomebodyChangedIsRepaired(t *testing.T) {
	t.Parallel()

	name := sdk.String("acme/ml")

	drifts(t, repositoryAddress, driftingRepository, []tampering{
		{"scanning", func(ctx context.Context, a *account) error {
			_, err := a.ecr().PutImageScanningConfiguration(ctx, &ecr.PutImageScanningConfigurationInput{
				RepositoryName: name, ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{},
			})

			return err
		}, []string{".ecr.scan_on_push"}},
		{"tags of images", func(ctx context.Context, a *account) error {
			_, err := a.ecr().PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{RepositoryName: name, ImageTagMutability: ecrtypes.ImageTagMutabilityImmutable})

			return err
		}, []string{".ecr.immutable_tags"}},
		{"untagged images", func(ctx context.Context, a *account) error { return a.lifecycle(ctx, "30", "5") }, []string{".ecr.expire_untagged_after_days"}},
		{"number of images", func(ctx context.Context, a *account) error { return a.lifecycle(ctx, "100", "5") }, []string{".ecr.keep_images"}},
		{"lifecycle", func(ctx context.Context, a *account) error {
			_, err := a.ecr().DeleteLifecyclePolicy(ctx, &ecr.DeleteLifecyclePolicyInput{RepositoryName: name})

			return err
		}, []string{".ecr.expire_untagged_after_days", ".ecr.keep_images"}},
		{"tags", func(ctx context.Context, a *account) error {
			_, err := a.ecr().UntagResource(ctx, &ecr.UntagResourceInput{
				ResourceArn: sdk.String("arn:aws:ecr:eu-west-1:" + a.double.Account + ":repository/acme/ml"), TagKeys: []string{"team"},
			})

			return err
		}, []string{": tag team is missing"}},
	})
}

// lifecycle changes a number in the repository's lifecycle policy.
func (a *account) lifecycle(ctx context.Context, from, to string) error {
	found, err := a.ecr().GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: sdk.String("acme/ml")})
	if err != nil {
		return err
	}

	text := strings.Replace(*found.LifecyclePolicyText, from, to, 1)
	_, err = a.ecr().PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: sdk.String("acme/ml"), LifecyclePolicyText: sdk.String(text)})

	return err
}
