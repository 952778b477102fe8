package database

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

func tagMap(list []types.Tag) map[string]string {
	return session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}

// retag gives something in RDS the tags that are wanted, leaving those of others.
func (d *Database) retag(ctx context.Context, client *rds.Client, claim part.Claim, what string, arn *string, found map[string]string) error {
	return claim.Retag(what, found, d.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.AddTagsToResource(ctx, &rds.AddTagsToResourceInput{ResourceName: arn, Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.RemoveTagsFromResource(ctx, &rds.RemoveTagsFromResourceInput{ResourceName: arn, TagKeys: keys})

		return err
	})
}
