// Package bucket works on buckets through the S3 API of any server that speaks it.
package bucket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
)

// Store is a server with buckets. It is for one goroutine.
type Store struct {
	client *s3.Client
	region string
	// amazon says that it is Amazon's, which can do everything.
	amazon bool
	// fresh is the bucket that was just made here, and of which nothing need be asked.
	fresh string
	// untagged says that the server knows no tags of buckets.
	untagged bool
	// believes says that what is read is believed at once, by whoever is about to write it.
	believes bool
}

// Open returns the server at an endpoint, such as http://127.0.0.1:9000, without contacting it.
func Open(endpoint, key, secret string) *Store {
	return &Store{client: s3.New(s3.Options{
		BaseEndpoint: aws.String(endpoint),
		Region:       "us-east-1", // servers that are not Amazon's take any, and this one by default
		UsePathStyle: true,
		Credentials:  credentials.NewStaticCredentialsProvider(key, secret, ""),
		// Servers that are not Amazon's need not know the newer checksums.
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
	})}
}

// Make makes a bucket, unless it is there.
func (s *Store) Make(ctx context.Context, name string) error {
	_, err := s.client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(name)})

	if _, ok := errors.AsType[*types.BucketAlreadyOwnedByYou](err); ok {
		return nil
	}

	if _, ok := errors.AsType[*types.BucketAlreadyExists](err); ok {
		if there, err := s.Exists(ctx, name); err == nil && there {
			return nil // some servers have only this word for it
		}

		return fmt.Errorf("create bucket %q: %w: %w", name, backend.ErrForeign, err)
	}

	return worded(err, "create bucket %q", name)
}

// Exists says whether a bucket is there.
func (s *Store) Exists(ctx context.Context, name string) (bool, error) {
	_, err := s.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(name)})

	if _, ok := errors.AsType[*types.NotFound](err); ok {
		return false, nil
	}

	return err == nil, worded(err, "look for bucket %q", name)
}

// Names lists the buckets.
func (s *Store) Names(ctx context.Context) ([]string, error) {
	list, err := s.client.ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		return nil, worded(err, "list buckets")
	}

	names := make([]string, 0, len(list.Buckets))
	for _, one := range list.Buckets {
		names = append(names, aws.ToString(one.Name))
	}

	slices.Sort(names)

	return names, nil
}

// Versioned says whether a bucket keeps former versions of its objects.
func (s *Store) Versioned(ctx context.Context, name string) (bool, error) {
	found, err := s.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(name)})
	if err != nil {
		return false, worded(err, "read versioning of bucket %q", name)
	}

	return found.Status == types.BucketVersioningStatusEnabled, nil
}

// Version makes a bucket keep former versions of its objects, or no new ones.
func (s *Store) Version(ctx context.Context, name string, on bool) error {
	status := types.BucketVersioningStatusSuspended
	if on {
		status = types.BucketVersioningStatusEnabled
	}

	_, err := s.client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: aws.String(name), VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	})

	return worded(err, "set versioning of bucket %q", name)
}

// Empty says whether a bucket holds no object and no former version of one.
func (s *Store) Empty(ctx context.Context, name string) (bool, error) {
	objects, err := s.client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String(name), MaxKeys: aws.Int32(1)})
	if err != nil {
		return false, worded(err, "list bucket %q", name)
	}

	if len(objects.Contents) > 0 {
		return false, nil
	}

	versions, err := s.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String(name), MaxKeys: aws.Int32(1)})
	if err != nil {
		return false, worded(err, "list versions in bucket %q", name)
	}

	return len(versions.Versions)+len(versions.DeleteMarkers) == 0, nil
}

// worded says what was being done, and whether the server was reached at all.
func worded(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}

	doing := fmt.Sprintf(format, args...)

	var (
		network  *net.OpError
		response interface{ HTTPStatusCode() int }
	)

	if errors.As(err, &network) || errors.As(err, &response) && response.HTTPStatusCode() == http.StatusServiceUnavailable {
		return fmt.Errorf("%s: the server %w: %w", doing, backend.ErrUnreachable, err)
	}

	return fmt.Errorf("%s: %w", doing, err)
}
