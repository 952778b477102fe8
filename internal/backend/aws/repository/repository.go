// Package repository makes repositories of images in the Elastic Container Registry (ECR).
package repository

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Settings are how a repository is kept.
type Settings struct {
	// ScanOnPush has each image scanned for known weaknesses when it is pushed.
	ScanOnPush bool
	// Immutable refuses to push a tag a second time.
	Immutable bool
	// KMSKey encrypts the images, for as long as the repository exists; empty: keys of S3.
	KMSKey string
	// UntaggedDays is when images without a tag are removed; 0: never.
	UntaggedDays int32
	// KeepImages is how many images are kept, the youngest; 0: all.
	KeepImages int32
}

// expires says that a lifecycle policy of ours is wanted.
func (s Settings) expires() bool { return s.UntaggedDays > 0 || s.KeepImages > 0 }

// Repository is a repository as a component wants it.
type Repository struct {
	Session  *session.Session
	Name     string
	Settings Settings
	// Force deletes the images in it with it.
	Force bool
}

var _ part.Part = Repository{}

// What names the repository.
func (r Repository) What() string { return fmt.Sprintf("repository %q", r.Name) }

func (r Repository) object() part.Object[*ecr.Client, types.Repository] {
	return part.Object[*ecr.Client, types.Repository]{What: r.What(), Session: r.Session, Open: r.Session.ECR, Get: r.get}
}

// Ensure makes the repository, or brings it to what is wanted.
func (r Repository) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return r.object().Ensure(ctx, claim, r.create, r.change)
}

func (r Repository) create(ctx context.Context, client *ecr.Client, claim part.Claim) (bool, error) {
	_, err := client.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RepositoryName: aws.String(r.Name), ImageTagMutability: r.Settings.mutability(), Tags: tagList(r.Session.Tags(claim.Marks())),
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: r.Settings.ScanOnPush},
		EncryptionConfiguration:    r.Settings.encryption(),
	})

	switch {
	case session.Is(err, "RepositoryAlreadyExistsException"):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create repository %q", r.Name)
	case !r.Settings.expires():
		return true, nil
	default:
		return true, r.putLifecycle(ctx, client, "")
	}
}

// change brings a repository that exists to what is wanted.
func (r Repository) change(ctx context.Context, client *ecr.Client, claim part.Claim, live types.Repository, tags map[string]string) error {
	if has := keyOf(live); has != r.Settings.KMSKey {
		return fmt.Errorf("%s is encrypted with %s, should be with %s: AWS cannot change that, and it has to be made anew", r.What(), keyName(has), keyName(r.Settings.KMSKey))
	}

	if err := r.retag(ctx, client, claim, live.RepositoryArn, tags); err != nil {
		return err
	}

	if live.ImageTagMutability != r.Settings.mutability() {
		_, err := client.PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{
			RepositoryName: aws.String(r.Name), ImageTagMutability: r.Settings.mutability(),
		})
		if err != nil {
			return session.Worded(err, "set the mutability of tags in repository %q", r.Name)
		}
	}

	if scans(live) != r.Settings.ScanOnPush {
		_, err := client.PutImageScanningConfiguration(ctx, &ecr.PutImageScanningConfigurationInput{
			RepositoryName: aws.String(r.Name), ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: r.Settings.ScanOnPush},
		})
		if err != nil {
			return session.Worded(err, "set whether repository %q scans images", r.Name)
		}
	}

	return r.changeLifecycle(ctx, client)
}

// Observe looks at the repository; the facts are Settings.
func (r Repository) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := r.object().Observe(ctx, claim)
	if err != nil {
		return seen, err
	}

	found := Settings{ScanOnPush: scans(live), Immutable: r.Settings.Immutable, KMSKey: keyOf(live)}
	if live.ImageTagMutability != r.Settings.mutability() { // exceptions for some tags are neither the one nor the other
		found.Immutable = !found.Immutable
	}

	// Where none of our rules is wanted there is none to look for, unless nothing is known of the repository yet.
	if r.Settings.expires() || claim.Name == "" {
		if err := r.expiry(ctx, &found); err != nil {
			return part.Seen{}, err
		}
	}

	seen.Facts = found

	return seen, nil
}

// expiry reads when images are removed.
func (r Repository) expiry(ctx context.Context, found *Settings) error {
	client, err := r.Session.ECR(ctx)
	if err != nil {
		return err
	}

	text, err := r.lifecycle(ctx, client)
	if err != nil {
		return err
	}

	found.UntaggedDays, found.KeepImages, err = ours(text)
	if err != nil {
		return fmt.Errorf("read the lifecycle policy of repository %q: %w", r.Name, err)
	}

	return nil
}

// Remove deletes the repository.
func (r Repository) Remove(ctx context.Context, claim part.Claim) error {
	client, err := r.Session.ECR(ctx)
	if err != nil {
		return err
	}

	account, err := r.Session.Account(ctx)
	if err != nil {
		return err
	}

	tags, err := r.tags(ctx, client, aws.String(naming.ARN(account.Partition, "ecr", client.Options().Region, account.ID, "repository/"+r.Name)))
	if ours, err := claim.Mine(tags, err); !ours {
		return err
	}

	_, err = client.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String(r.Name), Force: r.Force})

	switch {
	case session.Is(err, notFound):
		return nil
	case session.Is(err, "RepositoryNotEmptyException"):
		return fmt.Errorf("%s %w", r.What(), backend.ErrHoldsData)
	}

	return session.Worded(err, "delete repository %q", r.Name)
}

const notFound = "RepositoryNotFoundException"

// get reads a repository and its tags.
func (r Repository) get(ctx context.Context, client *ecr.Client) (types.Repository, map[string]string, error) {
	answer, err := client.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{r.Name}})

	switch {
	case session.Is(err, notFound):
		return types.Repository{}, nil, fmt.Errorf("%s %w", r.What(), backend.ErrNotFound)
	case err != nil:
		return types.Repository{}, nil, session.Worded(err, "read repository %q", r.Name)
	case len(answer.Repositories) == 0:
		return types.Repository{}, nil, fmt.Errorf("read repository %q: AWS answered without it", r.Name)
	}

	tags, err := r.tags(ctx, client, answer.Repositories[0].RepositoryArn)

	return answer.Repositories[0], tags, err
}

func (r Repository) tags(ctx context.Context, client *ecr.Client, arn *string) (map[string]string, error) {
	answer, err := client.ListTagsForResource(ctx, &ecr.ListTagsForResourceInput{ResourceArn: arn})

	switch {
	case session.Is(err, notFound):
		return nil, fmt.Errorf("%s %w", r.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read the tags of repository %q", r.Name)
	}

	return session.TagMap(answer.Tags, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value }), nil
}

func (r Repository) retag(ctx context.Context, client *ecr.Client, claim part.Claim, arn *string, found map[string]string) error {
	return claim.Retag(r.What(), found, r.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.TagResource(ctx, &ecr.TagResourceInput{ResourceArn: arn, Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagResource(ctx, &ecr.UntagResourceInput{ResourceArn: arn, TagKeys: keys})

		return err
	})
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}
