package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/bucket"
)

// rig is a bucket as it is wanted in an account of the test's own, and somebody else who works in that account.
type rig struct {
	bucket.Bucket

	double *aws.Double
	other  *s3.Client
}

var safe = bucket.Settings{Versioning: true, BlockPublic: true, TLSOnly: true, AbortDays: 7}

func newRig(t *testing.T, region string) rig {
	t.Helper()

	double := aws.Start(t)
	config := double.Login()
	config.Region = region

	return rig{
		double: double,
		other:  s3.NewFromConfig(double.Config(region), func(o *s3.Options) { o.UsePathStyle = true }),
		Bucket: bucket.Bucket{Session: session.New(config), Name: "acme-" + double.Account, Settings: safe},
	}
}

func claim(name, incarnation string) part.Claim {
	return part.Claim{Was: name, Fresh: incarnation, Owner: backend.Owner{
		Kind: "artifact_store", Flavor: "s3", Name: name, Labels: map[string]string{"team": "ml"},
	}}
}

func known(incarnation string) part.Claim {
	c := claim("artifacts", incarnation)
	c.Known, c.Incarnation = true, incarnation

	return c
}

func (r rig) make(t *testing.T, c part.Claim) {
	t.Helper()

	if made, err := r.Ensure(t.Context(), c); err != nil || !made.Exists || len(made.Notices) > 0 {
		t.Fatalf("made %+v: %v", made, err)
	}
}

func (r rig) see(t *testing.T, c part.Claim) (bucket.Observed, []string) {
	t.Helper()

	seen, err := r.Observe(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}

	found, ok := seen.Facts.(bucket.Observed)
	if !ok {
		t.Fatalf("facts are of type %T", seen.Facts)
	}

	return found, seen.Drift
}

func TestBucket_TakesFewCallsAndIsSafe(t *testing.T) {
	t.Parallel()

	r := newRig(t, aws.Region)
	r.make(t, claim("artifacts", "one"))
	r.counted(t, "create", 5)

	found, drift := r.see(t, known("one"))
	r.counted(t, "read", 8)

	if len(drift) > 0 || !found.Enforced || !found.Versioning || !found.BlockPublic || !found.TLSOnly || found.AbortDays != 7 || found.NoncurrentDays != 0 {
		t.Errorf("found %+v, drift %q", found, drift)
	}

	if found.Tags["team"] != "ml" || found.Tags[session.TagName] != "artifacts" || found.Tags[session.TagIncarnation] != "one" {
		t.Errorf("tags are %v", found.Tags)
	}

	if err := r.Remove(t.Context(), known("one")); err != nil {
		t.Fatal(err)
	}

	r.counted(t, "delete", 2)

	if err := r.Remove(t.Context(), known("one")); err != nil {
		t.Errorf("delete of what is gone: %v", err)
	}

	if left := r.double.Left(t, aws.Region); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

func (r rig) counted(t *testing.T, what string, most int) {
	t.Helper()

	if calls := r.double.Calls(); len(calls) > most {
		t.Errorf("%s took %d calls, want at most %d: %v", what, len(calls), most, calls)
	}

	r.double.Reset()
}

// Each setting is changed by somebody else, seen, and brought back, while what else they have put there stays.
func TestBucket_SeesEachChangeAndBringsItBack(t *testing.T) {
	t.Parallel()

	for what, c := range map[string]struct {
		tamper func(ctx context.Context, other *s3.Client, name *string) error
		seen   func(bucket.Observed, []string) bool
	}{
		"versioning": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
				Bucket: name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
			})

			return err
		}, func(f bucket.Observed, _ []string) bool { return !f.Versioning }},
		"encryption": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
				Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
					SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: sdk.String("arn:aws:kms:eu-west-1:111122223333:key/x"),
				}}},
			}})

			return err
		}, func(f bucket.Observed, _ []string) bool { return strings.HasSuffix(f.KMSKey, "key/x") }},
		"public access": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: name})

			return err
		}, func(f bucket.Observed, _ []string) bool { return !f.BlockPublic }},
		"policy": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: name})

			return err
		}, func(f bucket.Observed, _ []string) bool { return !f.TLSOnly }},
		"lifecycle": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.DeleteBucketLifecycle(ctx, &s3.DeleteBucketLifecycleInput{Bucket: name})

			return err
		}, func(f bucket.Observed, _ []string) bool { return f.AbortDays == 0 }},
		"ownership": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: name, OwnershipControls: &types.OwnershipControls{
				Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipObjectWriter}},
			}})

			return err
		}, func(f bucket.Observed, drift []string) bool {
			return !f.Enforced && strings.Contains(drift[0], "ownership is not enforced")
		}},
		"tags": {func(ctx context.Context, other *s3.Client, name *string) error {
			_, err := other.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: name, Tagging: &types.Tagging{
				TagSet: []types.Tag{{Key: sdk.String("team"), Value: sdk.String("sales")}},
			}})

			return err
		}, func(_ bucket.Observed, drift []string) bool {
			return slices.Contains(drift, `tag team is "sales", should be "ml"`) && slices.Contains(drift, "tag mlstacks:name is missing")
		}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			r := newRig(t, aws.Region)
			r.make(t, claim("artifacts", "one"))

			if err := c.tamper(t.Context(), r.other, sdk.String(r.Name)); err != nil {
				t.Fatal(err)
			}

			if found, drift := r.see(t, known("one")); !c.seen(found, drift) {
				t.Errorf("found %+v, drift %q", found, drift)
			}

			r.make(t, known("one"))

			found, drift := r.see(t, known("one"))
			want := safe
			want.Tags = found.Tags

			if len(drift) > 0 || !found.Enforced || fmt.Sprint(found.Settings) != fmt.Sprint(want) {
				t.Errorf("found %+v, drift %q", found, drift)
			}
		})
	}
}

func TestBucket_KeepsWhatOthersHavePutThere(t *testing.T) {
	t.Parallel()

	r := newRig(t, aws.Region)
	ctx, name := t.Context(), sdk.String(r.Name)
	r.make(t, claim("artifacts", "one"))

	theirs := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},`+
		`"Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}]}`, r.Name)
	must(t, second(r.other.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: name, Policy: sdk.String(theirs)})))
	must(t, second(r.other.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: name, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			ID: sdk.String("theirs"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: sdk.String("tmp/")},
			Expiration: &types.LifecycleExpiration{Days: sdk.Int32(3)},
		}}},
	})))

	tags, err := r.other.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: name})
	must(t, err)
	must(t, second(r.other.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: name, Tagging: &types.Tagging{
		TagSet: append(tags.TagSet, types.Tag{Key: sdk.String("cost-center"), Value: sdk.String("42")}),
	}})))

	changed := known("one")
	changed.Labels, changed.Former = map[string]string{"stage": "prod"}, map[string]string{"team": "ml"}
	r.Settings.NoncurrentDays = 30
	r.make(t, changed)

	found, drift := r.see(t, changed)
	if len(drift) > 0 || !found.TLSOnly || found.AbortDays != 7 || found.NoncurrentDays != 30 {
		t.Errorf("found %+v, drift %q", found, drift)
	}

	if found.Tags["cost-center"] != "42" || found.Tags["stage"] != "prod" || found.Tags["team"] != "" {
		t.Errorf("tags are %v", found.Tags)
	}

	r.Settings.TLSOnly, r.Settings.AbortDays, r.Settings.NoncurrentDays = false, 0, 0
	r.make(t, changed)

	policy, err := r.other.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: name})
	must(t, err)

	rules, err := r.other.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: name})
	must(t, err)

	if text := sdk.ToString(policy.Policy); !strings.Contains(text, "Theirs") || strings.Contains(text, "TLSOnly") || len(rules.Rules) != 1 {
		t.Errorf("policy %s, rules %v", text, rules.Rules)
	}
}

// In one region S3 answers the creation of a bucket that is there as if it had made it.
func TestBucket_IsNotTakenFromItsOwner(t *testing.T) {
	t.Parallel()

	for _, region := range []string{aws.Region, "us-east-1"} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()

			r := newRig(t, region)
			in := &s3.CreateBucketInput{Bucket: sdk.String(r.Name)}

			if region != "us-east-1" {
				in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
			}

			must(t, second(r.other.CreateBucket(t.Context(), in)))

			if _, err := r.Ensure(t.Context(), claim("artifacts", "one")); !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), "not made by mlstacks") {
				t.Errorf("a bucket that somebody made by hand: %v", err)
			}

			tag := func(owner string) {
				must(t, second(r.other.PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{Bucket: in.Bucket, Tagging: &types.Tagging{TagSet: []types.Tag{
					{Key: sdk.String(session.TagKind), Value: sdk.String("artifact_store")},
					{Key: sdk.String(session.TagFlavor), Value: sdk.String("s3")},
					{Key: sdk.String(session.TagName), Value: sdk.String(owner)},
					{Key: sdk.String(session.TagIncarnation), Value: sdk.String("theirs")},
				}}})))
			}

			tag("others")

			_, err := r.Ensure(t.Context(), claim("artifacts", "one"))
			if !errors.Is(err, backend.ErrForeign) || !strings.Contains(err.Error(), `the artifact_store "others" of flavor s3 (incarnation theirs)`) {
				t.Errorf("the bucket of another component: %v", err)
			}

			must(t, r.Remove(t.Context(), known("one")))

			tag("artifacts") // as a run of ours leaves it that was killed before it was recorded
			r.make(t, claim("artifacts", "two"))

			if found, drift := r.see(t, known("two")); len(drift) > 0 || found.Tags[session.TagIncarnation] != "two" {
				t.Errorf("found %+v, drift %q", found, drift)
			}
		})
	}
}

func TestBucket_OfAnotherAccountIsSaidToBe(t *testing.T) {
	t.Parallel()

	for _, region := range []string{aws.Region, "us-east-1"} {
		t.Run(region, func(t *testing.T) {
			t.Parallel()

			r := newRig(t, region)
			theirs := s3.NewFromConfig(aws.As(r.double.Config(region), r.double.Other), func(o *s3.Options) { o.UsePathStyle = true })
			in := &s3.CreateBucketInput{Bucket: sdk.String(r.Name)}

			if region != "us-east-1" {
				in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
			}

			must(t, second(theirs.CreateBucket(t.Context(), in)))

			_, err := r.Ensure(t.Context(), claim("artifacts", "one"))
			if !errors.Is(err, backend.ErrForeign) || !errors.Is(err, part.ErrElsewhere) || !strings.Contains(err.Error(), "unique in all of AWS") {
				t.Errorf("%v", err)
			}

			if _, err := r.Observe(t.Context(), known("one")); err == nil || errors.Is(err, backend.ErrNotFound) {
				t.Errorf("%v", err)
			}
		})
	}
}

// Versions and markers go in batches of a thousand.
func TestBucket_IsEmptiedOnlyWithConsent(t *testing.T) {
	t.Parallel()

	r := newRig(t, aws.Region)
	ctx, name := t.Context(), sdk.String(r.Name)
	r.Settings.TLSOnly = false // the double enforces it, and speaks no TLS
	r.make(t, claim("artifacts", "one"))

	for i := range 1020 {
		must(t, second(r.other.PutObject(ctx, &s3.PutObjectInput{Bucket: name, Key: sdk.String(fmt.Sprintf("%04d", i%1010)), Body: strings.NewReader("x")})))
	}

	must(t, second(r.other.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: name, Key: sdk.String("0001")})))
	must(t, second(r.other.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: name, Key: sdk.String("big")})))

	if err := r.Remove(ctx, known("one")); !errors.Is(err, backend.ErrHoldsData) {
		t.Fatalf("%v", err)
	}

	r.Force = true
	r.double.Reset()
	must(t, r.Remove(ctx, known("one")))

	if batches := r.double.Count("s3:DeleteObjects"); batches != 2 {
		t.Errorf("emptied in %d batches", batches)
	}

	if left := r.double.Left(t, aws.Region); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
}

func TestBucket_LockedObjectIsSaidToBe(t *testing.T) {
	t.Parallel()

	r := newRig(t, aws.Region)
	r.Settings.TLSOnly = false // the double enforces it, and speaks no TLS
	r.make(t, claim("artifacts", "one"))
	r.Force = true

	must(t, second(r.other.PutObject(t.Context(), &s3.PutObjectInput{Bucket: sdk.String(r.Name), Key: sdk.String("kept"), Body: strings.NewReader("x")})))

	// The shape is that of S3 for an object under retention: the call succeeds, and refuses the object.
	r.double.Inject(aws.Fault{Operation: "s3:DeleteObjects", Times: -1, Status: 403, Code: "AccessDenied", Message: "Access Denied because object protected by object lock."})

	err := r.Remove(t.Context(), known("one"))
	if err == nil || !strings.Contains(err.Error(), "protected by object lock") || !strings.Contains(err.Error(), "delete objects of bucket") {
		t.Errorf("%v", err)
	}
}

func second(_ any, err error) error { return err }

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
