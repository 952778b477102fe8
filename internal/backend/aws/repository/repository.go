// Package repository makes repositories of images in the Elastic Container Registry (ECR).
package repository

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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

// Ensure makes the repository, or brings it to what is wanted.
func (r Repository) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := r.Session.ECR(ctx)
	if err != nil {
		return part.Made{}, err
	}

	wanted := r.Session.Tags(claim.Marks())

	if claim.Known {
		if made, err := r.change(ctx, client, claim, wanted); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	_, err = client.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RepositoryName: aws.String(r.Name), ImageTagMutability: r.Settings.mutability(), Tags: tagList(wanted),
		ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: r.Settings.ScanOnPush},
		EncryptionConfiguration:    r.Settings.encryption(),
	})

	switch {
	case session.Is(err, "RepositoryAlreadyExistsException"):
		return r.change(ctx, client, claim, wanted)
	case err != nil:
		return part.Made{}, session.Worded(err, "create repository %q", r.Name)
	}

	if !r.Settings.expires() {
		return part.Made{Exists: true}, nil
	}

	return part.Made{Exists: true}, r.putLifecycle(ctx, client, "")
}

// change brings a repository that exists to what is wanted.
func (r Repository) change(ctx context.Context, client *ecr.Client, claim part.Claim, wanted map[string]string) (part.Made, error) {
	live, tags, err := r.get(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	if err := claim.Check(r.What(), tags); err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}

	if has := keyOf(live); has != r.Settings.KMSKey {
		return made, fmt.Errorf("%s is encrypted with %s, should be with %s: AWS cannot change that, and it has to be made anew", r.What(), keyName(has), keyName(r.Settings.KMSKey))
	}

	if err := r.retag(ctx, client, live.RepositoryArn, tags, session.Merged(tags, claim.Former, wanted)); err != nil {
		return made, err
	}

	if live.ImageTagMutability != r.Settings.mutability() {
		_, err := client.PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{
			RepositoryName: aws.String(r.Name), ImageTagMutability: r.Settings.mutability(),
		})
		if err != nil {
			return made, session.Worded(err, "set the mutability of tags in repository %q", r.Name)
		}
	}

	if scans(live) != r.Settings.ScanOnPush {
		_, err := client.PutImageScanningConfiguration(ctx, &ecr.PutImageScanningConfigurationInput{
			RepositoryName: aws.String(r.Name), ImageScanningConfiguration: &types.ImageScanningConfiguration{ScanOnPush: r.Settings.ScanOnPush},
		})
		if err != nil {
			return made, session.Worded(err, "set whether repository %q scans images", r.Name)
		}
	}

	return made, r.changeLifecycle(ctx, client)
}

// Observe looks at the repository; the facts are Settings.
func (r Repository) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := r.Session.ECR(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	live, tags, err := r.get(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	if err := claim.Check(r.What(), tags); err != nil {
		return part.Seen{}, err
	}

	found := Settings{ScanOnPush: scans(live), Immutable: r.Settings.Immutable, KMSKey: keyOf(live)}
	if live.ImageTagMutability != r.Settings.mutability() { // exceptions for some tags are neither the one nor the other
		found.Immutable = !found.Immutable
	}

	// Where none of our rules is wanted there is none to look for, unless nothing is known of the repository yet.
	if r.Settings.expires() || claim.Name == "" {
		text, err := r.lifecycle(ctx, client)
		if err != nil {
			return part.Seen{}, err
		}

		found.UntaggedDays, found.KeepImages, err = ours(text)
		if err != nil {
			return part.Seen{}, fmt.Errorf("read the lifecycle policy of repository %q: %w", r.Name, err)
		}
	}

	return part.Seen{Tags: tags, Facts: found, Drift: session.Differences(tags, r.Session.Tags(claim.Owner))}, nil
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

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil
	case err != nil:
		return err
	case !claim.Owns(tags):
		return nil
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

	tags := make(map[string]string, len(answer.Tags))
	for _, tag := range answer.Tags {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}

	return tags, nil
}

func (r Repository) retag(ctx context.Context, client *ecr.Client, arn *string, found, merged map[string]string) error {
	if gone := session.Gone(found, merged); len(gone) > 0 {
		if _, err := client.UntagResource(ctx, &ecr.UntagResourceInput{ResourceArn: arn, TagKeys: gone}); err != nil {
			return session.Worded(err, "untag repository %q", r.Name)
		}
	}

	if changed := tagList(changed(found, merged)); len(changed) > 0 {
		if _, err := client.TagResource(ctx, &ecr.TagResourceInput{ResourceArn: arn, Tags: changed}); err != nil {
			return session.Worded(err, "tag repository %q", r.Name)
		}
	}

	return nil
}

// changed are the tags that an object lacks or has otherwise.
func changed(found, merged map[string]string) map[string]string {
	rest := maps.Clone(merged)
	maps.DeleteFunc(rest, func(key, value string) bool {
		has, ok := found[key]

		return ok && has == value
	})

	return rest
}

func tagList(tags map[string]string) []types.Tag {
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}

	return list
}
