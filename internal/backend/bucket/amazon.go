package bucket

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Of returns the server of a session: Amazon's in the session's region, or another one at an endpoint.
func Of(ctx context.Context, s *session.Session, endpoint string) (*Store, error) {
	client, err := s.S3(ctx)
	if err != nil {
		return nil, err
	}

	store := &Store{client: client, region: client.Options().Region, amazon: endpoint == ""}

	if endpoint != "" {
		options := client.Options()
		options.BaseEndpoint, options.UsePathStyle = aws.String(endpoint), true
		options.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		options.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		store.client = s3.New(options)
	}

	return store, nil
}

// legacy is the region where S3 answers the creation of a bucket that is there, and ours, as if it had made it.
const legacy = "us-east-1"

// Create makes a bucket with its tags. made is false where it was there already, and is the account's own: its tags tell
// whose it is.
func (s *Store) Create(ctx context.Context, name string, tags map[string]string) (made bool, err error) {
	there, err := s.there(ctx, name)
	if there || err != nil {
		return false, err
	}

	in := &s3.CreateBucketInput{Bucket: aws.String(name), CreateBucketConfiguration: &types.CreateBucketConfiguration{Tags: tagSet(tags)}}
	if s.region != legacy {
		in.CreateBucketConfiguration.LocationConstraint = types.BucketLocationConstraint(s.region)
	}

	if s.amazon {
		in.ObjectOwnership = types.ObjectOwnershipBucketOwnerEnforced
	} else {
		in.CreateBucketConfiguration = nil // few know of tags at creation
	}

	err = session.Settled(ctx, isBusy, func() error {
		_, err := s.client.CreateBucket(ctx, in)

		return err
	})

	switch {
	case session.Is(err, "BucketAlreadyOwnedByYou") && !s.amazon: // it was not there a moment ago: the first answer was lost
	case session.Is(err, "BucketAlreadyOwnedByYou"):
		return false, nil
	case session.Is(err, "BucketAlreadyExists"):
		return false, fmt.Errorf("bucket %q %w: names of buckets are unique in all of AWS, and this one %w", name, backend.ErrForeign, part.ErrElsewhere)
	case err != nil:
		return false, session.Worded(err, "create bucket %q", name)
	}

	s.fresh = name

	if !s.amazon {
		return true, s.Tag(ctx, name, tags)
	}

	return true, nil
}

// there looks for a bucket before it is made, where its creation would not tell: in one region of Amazon's, and on other
// servers.
func (s *Store) there(ctx context.Context, name string) (bool, error) {
	if !s.amazon {
		return s.Exists(ctx, name)
	}

	if s.region != legacy {
		return false, nil
	}

	_, err := s.Tags(ctx, name)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return false, nil
	case session.IsDenied(err):
		return false, fmt.Errorf("bucket %q %w: names of buckets are unique in all of AWS, and this one %w, or who is logged in may not read its tags",
			name, backend.ErrForeign, part.ErrElsewhere)
	default:
		return err == nil, err
	}
}

// isBusy says that a bucket of that name is just being deleted.
func isBusy(err error) bool { return session.Is(err, "OperationAborted") }

// Remove deletes a bucket, with everything in it where force says so.
func (s *Store) Remove(ctx context.Context, name string, force bool) error {
	for round := 0; ; round++ {
		_, err := s.client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String(name)})

		switch {
		case err == nil, session.Is(err, "NoSuchBucket"):
			return nil
		case !session.Is(err, "BucketNotEmpty"):
			return session.Worded(err, "delete bucket %q", name)
		case !force:
			return fmt.Errorf("bucket %q %w", name, backend.ErrHoldsData)
		case round == rounds:
			return fmt.Errorf("delete bucket %q: it was emptied %d times and is not empty: somebody is still writing to it", name, rounds)
		case round > 0 && !session.Sleep(ctx, time.Duration(round)*time.Second):
			return ctx.Err()
		}

		if err := s.empty(ctx, name); err != nil {
			return err
		}
	}
}

// rounds is how often a bucket is emptied that does not stay empty.
const rounds = 6

// batch is how many objects S3 deletes in one call.
const batch = 1000

// empty deletes every version of every object, the markers of deleted ones, and uploads that were not completed.
func (s *Store) empty(ctx context.Context, name string) error {
	pages := s3.NewListObjectVersionsPaginator(s.client, &s3.ListObjectVersionsInput{Bucket: aws.String(name), MaxKeys: aws.Int32(batch)})

	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return session.Worded(err, "list what is in bucket %q", name)
		}

		var all []types.ObjectIdentifier

		for _, version := range page.Versions {
			all = append(all, types.ObjectIdentifier{Key: version.Key, VersionId: version.VersionId})
		}

		for _, marker := range page.DeleteMarkers {
			all = append(all, types.ObjectIdentifier{Key: marker.Key, VersionId: marker.VersionId})
		}

		if err := s.discard(ctx, name, all); err != nil {
			return err
		}
	}

	uploads := s3.NewListMultipartUploadsPaginator(s.client, &s3.ListMultipartUploadsInput{Bucket: aws.String(name)})

	for uploads.HasMorePages() {
		page, err := uploads.NextPage(ctx)
		if err != nil {
			return session.Worded(err, "list the uploads to bucket %q", name)
		}

		for _, upload := range page.Uploads {
			_, err := s.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: aws.String(name), Key: upload.Key, UploadId: upload.UploadId})
			if err != nil && !session.Is(err, "NoSuchUpload") {
				return session.Worded(err, "abort an upload to bucket %q", name)
			}
		}
	}

	return nil
}

func (s *Store) discard(ctx context.Context, name string, objects []types.ObjectIdentifier) error {
	if len(objects) == 0 {
		return nil
	}

	answer, err := s.client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: aws.String(name), Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return session.Worded(err, "delete objects of bucket %q", name)
	}

	for _, refused := range answer.Errors {
		return fmt.Errorf("delete %q of bucket %q: AWS said %s: %s (and %d more objects were not deleted)", aws.ToString(refused.Key), name,
			aws.ToString(refused.Code), aws.ToString(refused.Message), len(answer.Errors)-1)
	}

	return nil
}

// arn is that of a bucket.
func (s *Store) arn(name string) string {
	return naming.ARN(naming.Partition(s.region), "s3", "", "", name)
}

// missing adds to an error what it means, where it means that a bucket is not there.
func missing(worded, err error) error {
	if session.Is(err, "NoSuchBucket", "NotFound") {
		return fmt.Errorf("%w: %w", backend.ErrNotFound, worded)
	}

	return worded
}

func join(words []string) string { return strings.Join(words, ", ") }
