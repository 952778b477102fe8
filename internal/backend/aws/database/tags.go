package database

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func tagList(tags map[string]string) []types.Tag {
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}

	return list
}

func tagMap(list []types.Tag) map[string]string {
	tags := make(map[string]string, len(list))
	for _, tag := range list {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}

	return tags
}

// retag gives something in RDS the tags that are wanted, leaving those of others.
func retag(ctx context.Context, client *rds.Client, what, arn string, found, former, wanted map[string]string) error {
	put, gone := changes(found, former, wanted)

	if len(put) > 0 {
		_, err := client.AddTagsToResource(ctx, &rds.AddTagsToResourceInput{ResourceName: aws.String(arn), Tags: tagList(put)})
		if err != nil {
			return session.Worded(err, "tag %s", what)
		}
	}

	if len(gone) > 0 {
		_, err := client.RemoveTagsFromResource(ctx, &rds.RemoveTagsFromResourceInput{ResourceName: aws.String(arn), TagKeys: gone})
		if err != nil {
			return session.Worded(err, "take tags off %s", what)
		}
	}

	return nil
}

// changes are the tags to put on and those to take off.
func changes(found, former, wanted map[string]string) (put map[string]string, gone []string) {
	merged := session.Merged(found, former, wanted)
	put = map[string]string{}

	for key, value := range merged {
		if was, ok := found[key]; !ok || was != value {
			put[key] = value
		}
	}

	for _, key := range slices.Sorted(maps.Keys(found)) {
		if _, stays := merged[key]; !stays {
			gone = append(gone, key)
		}
	}

	return put, gone
}
