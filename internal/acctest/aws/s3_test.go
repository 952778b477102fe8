package aws_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// bucketName is a name that no other test has: buckets of all accounts share one list.
func bucketName(d *aws.Double, of string) string { return of + "-" + d.Account }

func makeBucket(t *testing.T, c sdk.Config, name string, tags ...types.Tag) {
	t.Helper()

	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(c).CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(c.Region), Tags: tags,
		},
	}))
}

func TestS3_NewBucketsHaveTheDefaultsOfAWS(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := s3.NewFromConfig(once(d)), bucketName(d, "defaults")
	makeBucket(t, once(d), name)

	block := must[*s3.GetPublicAccessBlockOutput](t)(client.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: &name}))
	if c := block.PublicAccessBlockConfiguration; !*c.BlockPublicAcls || !*c.BlockPublicPolicy || !*c.IgnorePublicAcls || !*c.RestrictPublicBuckets {
		t.Errorf("public access block is %+v, want all true", c)
	}

	owner := must[*s3.GetBucketOwnershipControlsOutput](t)(client.GetBucketOwnershipControls(t.Context(), &s3.GetBucketOwnershipControlsInput{Bucket: &name}))
	if got := owner.OwnershipControls.Rules[0].ObjectOwnership; got != types.ObjectOwnershipBucketOwnerEnforced {
		t.Errorf("ownership is %s", got)
	}

	if got := algorithm(t, client, name); got != types.ServerSideEncryptionAes256 {
		t.Errorf("encryption is %s, want AES256", got)
	}

	must[*s3.PutBucketEncryptionOutput](t)(client.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: &name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms},
		}}},
	}))

	if got := algorithm(t, client, name); got != types.ServerSideEncryptionAwsKms {
		t.Errorf("encryption is %s, want what was put", got)
	}

	must[*s3.DeleteBucketEncryptionOutput](t)(client.DeleteBucketEncryption(t.Context(), &s3.DeleteBucketEncryptionInput{Bucket: &name}))

	if got := algorithm(t, client, name); got != types.ServerSideEncryptionAes256 {
		t.Errorf("encryption is %s after it was deleted, want AES256", got)
	}

	must[*s3.DeletePublicAccessBlockOutput](t)(client.DeletePublicAccessBlock(t.Context(), &s3.DeletePublicAccessBlockInput{Bucket: &name}))
	_, err := client.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: &name})
	wantCode(t, err, "NoSuchPublicAccessBlockConfiguration")

	must[*s3.DeleteBucketOwnershipControlsOutput](t)(client.DeleteBucketOwnershipControls(t.Context(), &s3.DeleteBucketOwnershipControlsInput{Bucket: &name}))
	_, err = client.GetBucketOwnershipControls(t.Context(), &s3.GetBucketOwnershipControlsInput{Bucket: &name})
	wantCode(t, err, "OwnershipControlsNotFoundError")

	// A bucket that does not exist has no defaults.
	_, err = client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: sdk.String("no-" + name)})
	wantCode(t, err, "NoSuchBucket")
}

func algorithm(t *testing.T, client *s3.Client, name string) types.ServerSideEncryption {
	t.Helper()

	out := must[*s3.GetBucketEncryptionOutput](t)(client.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: &name}))

	return out.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm
}

func TestS3_NewBucketsHaveTheirTags(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	name := bucketName(d, "tags")
	makeBucket(t, once(d), name, types.Tag{Key: sdk.String("team"), Value: sdk.String("a <b>")})

	got := must[*s3.GetBucketTaggingOutput](t)(s3.NewFromConfig(once(d)).GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: &name}))
	if len(got.TagSet) != 1 || *got.TagSet[0].Key != "team" || *got.TagSet[0].Value != "a <b>" {
		t.Errorf("tags are %v", got.TagSet)
	}
}

func TestS3_LifecycleKeepsFiltersBySize(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := s3.NewFromConfig(once(d)), bucketName(d, "lifecycle")
	makeBucket(t, once(d), name)

	put := must[*s3.PutBucketLifecycleConfigurationOutput](t)(client.PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: &name, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: sdk.String("big"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{ObjectSizeGreaterThan: sdk.Int64(10)},
			Expiration: &types.LifecycleExpiration{Days: sdk.Int32(3)},
		}}},
	}))

	got := must[*s3.GetBucketLifecycleConfigurationOutput](t)(client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: &name}))
	if len(got.Rules) != 1 || got.Rules[0].Filter == nil || sdk.ToInt64(got.Rules[0].Filter.ObjectSizeGreaterThan) != 10 || *got.Rules[0].Expiration.Days != 3 {
		t.Errorf("rules are %+v", got.Rules)
	}

	if want := types.TransitionDefaultMinimumObjectSizeAllStorageClasses128k; put.TransitionDefaultMinimumObjectSize != want || got.TransitionDefaultMinimumObjectSize != want {
		t.Errorf("threshold is %q, then %q", put.TransitionDefaultMinimumObjectSize, got.TransitionDefaultMinimumObjectSize)
	}

	must[*s3.DeleteBucketLifecycleOutput](t)(client.DeleteBucketLifecycle(t.Context(), &s3.DeleteBucketLifecycleInput{Bucket: &name}))
	_, err := client.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: &name})
	wantCode(t, err, "NoSuchLifecycleConfiguration")
}

func TestS3_BucketsOfOthersAreForbidden(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := s3.NewFromConfig(once(d)), bucketName(d, "theirs")
	makeBucket(t, aws.As(d.Config(aws.Region), d.Other), name)

	_, err := client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &name})
	wantCode(t, err, "Forbidden")

	_, err = client.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: &name})
	wantCode(t, err, "AccessDenied")

	_, err = client.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: aws.Region},
	})
	wantCode(t, err, "BucketAlreadyExists")
}

func TestS3_ChecksTheExpectedOwner(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	client, name := s3.NewFromConfig(once(d)), bucketName(d, "owned")
	makeBucket(t, once(d), name)

	_, err := client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &name, ExpectedBucketOwner: &d.Account})
	wantCode(t, err, "")

	_, err = client.GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: &name, ExpectedBucketOwner: &d.Other})
	wantCode(t, err, "AccessDenied")
}

func TestS3_SendsToTheRegionOfABucket(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	name := bucketName(d, "region")
	makeBucket(t, once(d), name)

	elsewhere := d.Counted("us-east-1")
	elsewhere.RetryMaxAttempts = 1

	_, err := s3.NewFromConfig(elsewhere).GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: &name})
	wantCode(t, err, "PermanentRedirect")

	client := s3.NewFromConfig(once(d))
	must[*s3.DeleteBucketOutput](t)(client.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: &name}))
	_, err = client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &name})
	wantCode(t, err, "NotFound")
}
