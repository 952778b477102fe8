package aws_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// once is a client that does not retry.
func once(d *aws.Double) sdk.Config {
	c := d.Counted(aws.Region)
	c.RetryMaxAttempts = 1

	return c
}

// codeOf is the code of an error of AWS, or the error where it has none.
func codeOf(err error) string {
	var api smithy.APIError

	switch {
	case err == nil:
		return ""
	case errors.As(err, &api):
		return api.ErrorCode()
	default:
		return err.Error()
	}
}

// wantCode fails the test unless an error has the code; empty is no error.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()

	if got := codeOf(err); got != code {
		t.Fatalf("error is %q (%v), want %q", got, err, code)
	}
}

// must is a step on the way to what a test is about.
func must[T any](t *testing.T) func(T, error) T {
	t.Helper()

	return func(value T, err error) T {
		t.Helper()

		if err != nil {
			t.Fatal(err)
		}

		return value
	}
}

const anyTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codebuild.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// role makes a role and returns its ARN.
func role(t *testing.T, c sdk.Config, name string) string {
	t.Helper()

	out := must[*iam.CreateRoleOutput](t)(iam.NewFromConfig(c).CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: &name, AssumeRolePolicyDocument: sdk.String(anyTrust),
	}))

	return *out.Role.Arn
}

func TestDouble_GivesEachTestAnAccountOfItsOwn(t *testing.T) {
	t.Parallel()

	a, b := aws.Start(t), aws.Start(t)
	role(t, once(a), "same")
	role(t, once(b), "same") // the other account has none of that name

	list := must[*iam.ListRolesOutput](t)(iam.NewFromConfig(once(b)).ListRoles(t.Context(), &iam.ListRolesInput{}))
	if len(list.Roles) != 1 || !strings.Contains(*list.Roles[0].Arn, b.Account) {
		t.Errorf("roles of the second are %v, want its own", list.Roles)
	}

	who := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(once(a)).GetCallerIdentity(t.Context(), nil))
	if *who.Account != a.Account || *who.Arn != "arn:aws:iam::"+a.Account+":user/moto" {
		t.Errorf("caller is %s of %s, want a user of %s", *who.Arn, *who.Account, a.Account)
	}
}

func TestDouble_LetsAssumedRolesActInTheirAccount(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	got := must[*sts.AssumeRoleOutput](t)(sts.NewFromConfig(once(d)).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: sdk.String("arn:aws:iam::" + d.Other + ":role/x"), RoleSessionName: sdk.String("session"),
	}))

	other := once(d)
	other.Credentials = credentials.NewStaticCredentialsProvider(*got.Credentials.AccessKeyId, *got.Credentials.SecretAccessKey, *got.Credentials.SessionToken)

	who := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(other).GetCallerIdentity(t.Context(), nil))
	if *who.Account != d.Other || !strings.HasPrefix(*who.Arn, "arn:aws:sts::"+d.Other+":assumed-role/x/") {
		t.Errorf("caller is %s of %s, want the role in %s", *who.Arn, *who.Account, d.Other)
	}

	if arn := role(t, other, "there"); !strings.Contains(arn, d.Other) {
		t.Errorf("made %s, want it in %s", arn, d.Other)
	}
}

//nolint:paralleltest // it sets environment variables
func TestDouble_EnvLeadsEveryClientToTheDouble(t *testing.T) {
	d := aws.Start(t)

	for _, pair := range d.Env() {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}

	c, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	who := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(c).GetCallerIdentity(t.Context(), nil))
	if *who.Account != d.Account || c.Region != os.Getenv("AWS_REGION") {
		t.Errorf("account %s in %q, want %s in %q", *who.Account, c.Region, d.Account, os.Getenv("AWS_REGION"))
	}
}

func TestDouble_CountsByTheNameOfTheOperation(t *testing.T) {
	t.Parallel()

	d := aws.Start(t)
	buckets := s3.NewFromConfig(once(d))
	name := bucketName(d, "counted")

	makeBucket(t, once(d), name)
	must[*s3.PutObjectOutput](t)(buckets.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &name, Key: sdk.String("a/b"), Body: strings.NewReader("text")}))
	must[*s3.GetBucketVersioningOutput](t)(buckets.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: &name}))
	must[*s3.ListObjectsV2Output](t)(buckets.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &name}))
	_, err := iam.NewFromConfig(once(d)).GetRole(t.Context(), &iam.GetRoleInput{RoleName: sdk.String("none")})
	wantCode(t, err, "NoSuchEntity")

	// Looking does not count.
	must[*s3.ListBucketsOutput](t)(s3.NewFromConfig(d.Config(aws.Region)).ListBuckets(t.Context(), nil))

	var got []string

	for _, call := range d.Calls() {
		got = append(got, call.Operation)
	}

	want := []string{"s3:CreateBucket", "s3:PutObject", "s3:GetBucketVersioning", "s3:ListObjectsV2", "iam:GetRole"}
	if !slices.Equal(got, want) {
		t.Errorf("calls are %v, want %v", got, want)
	}

	if last := d.Calls()[4]; last.Status != 404 || last.Service != "iam" || last.Injected {
		t.Errorf("last call is %+v, want 404 of iam", last)
	}

	if n := d.Count("s3:*"); n != 4 {
		t.Errorf("%d calls of s3, want 4", n)
	}

	d.Reset()

	if n := d.Count("*"); n != 0 {
		t.Errorf("%d calls after Reset, want 0", n)
	}
}
