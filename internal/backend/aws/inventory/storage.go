package inventory

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	registry "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	database "github.com/aws/aws-sdk-go-v2/service/rds/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	storage "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func buckets(ctx context.Context, s *session.Session) Objects {
	client, err := s.S3(ctx)
	if err != nil {
		return failed(err)
	}

	region, err := s.Region(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list buckets", func(token *string) ([]storage.Bucket, *string, error) {
		list, err := client.ListBuckets(ctx, &s3.ListBucketsInput{ContinuationToken: token, BucketRegion: aws.String(region)})
		if err != nil {
			return nil, nil, err
		}

		return list.Buckets, list.ContinuationToken, nil
	}, func(one storage.Bucket) (*Object, error) {
		if where := aws.ToString(one.BucketRegion); where != "" && where != region {
			return nil, nil
		}

		tagged, err := client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: one.Name})
		if answered(err) {
			return nil, nil // it has no tags, went away, or its owner shows them to nobody: so it is none of ours
		}

		if err != nil {
			return nil, err
		}

		tags := session.TagMap(tagged.TagSet, func(tag storage.Tag) (key, value *string) { return tag.Key, tag.Value })

		return &Object{Name: aws.ToString(one.Name), Tags: tags}, nil
	})
}

// answered says that S3 knows of no tags of a bucket, or does not tell them.
func answered(err error) bool {
	var response *awshttp.ResponseError

	return errors.As(err, &response) &&
		(response.HTTPStatusCode() == http.StatusNotFound || response.HTTPStatusCode() == http.StatusForbidden)
}

func repositories(ctx context.Context, s *session.Session) Objects {
	client, err := s.ECR(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list repositories", func(token *string) ([]registry.Repository, *string, error) {
		list, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}

		return list.Repositories, list.NextToken, nil
	}, func(one registry.Repository) (*Object, error) {
		tagged, err := client.ListTagsForResource(ctx, &ecr.ListTagsForResourceInput{ResourceArn: one.RepositoryArn})
		if err != nil {
			return nil, err
		}

		tags := session.TagMap(tagged.Tags, func(tag registry.Tag) (key, value *string) { return tag.Key, tag.Value })

		return &Object{Name: aws.ToString(one.RepositoryName), Tags: tags}, nil
	})
}

func databases(ctx context.Context, s *session.Session) Objects {
	client, err := s.RDS(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list databases", func(token *string) ([]database.DBInstance, *string, error) {
		list, err := client.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{Marker: token})
		if err != nil {
			return nil, nil, err
		}

		return list.DBInstances, list.Marker, nil
	}, func(one database.DBInstance) (*Object, error) {
		tags := session.TagMap(one.TagList, func(tag database.Tag) (key, value *string) { return tag.Key, tag.Value })

		return &Object{Name: aws.ToString(one.DBInstanceIdentifier), Tags: tags}, nil
	})
}

func logGroups(ctx context.Context, s *session.Session) Objects {
	client, err := s.Logs(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list log groups", func(token *string) ([]logs.LogGroup, *string, error) {
		list, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}

		return list.LogGroups, list.NextToken, nil
	}, func(one logs.LogGroup) (*Object, error) {
		tagged, err := client.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: one.LogGroupArn})
		if err != nil {
			return nil, err
		}

		return &Object{Name: aws.ToString(one.LogGroupName), Tags: tagged.Tags}, nil
	})
}
