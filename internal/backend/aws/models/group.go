// Package models makes groups of SageMaker's model registry.
package models

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Group is a model package group as a component wants it: what keeps the versions of one model.
type Group struct {
	Session *session.Session
	Name    string
	// Description is given when the group is made; SageMaker never changes it.
	Description string
	// Force deletes the versions that are in it with it.
	Force bool
}

var _ part.Part = Group{}

// Found is what a group is like: the facts that Observe gives.
type Found struct {
	ARN, Description string
}

// What names the group.
func (g Group) What() string { return fmt.Sprintf("model package group %q", g.Name) }

func (g Group) object() part.Object[*sagemaker.Client, *sagemaker.DescribeModelPackageGroupOutput] {
	return part.Object[*sagemaker.Client, *sagemaker.DescribeModelPackageGroupOutput]{
		What: g.What(), Session: g.Session, Open: g.Session.SageMaker, Get: g.look,
	}
}

// ARN asks for that of the group: SageMaker writes some names in lower case.
func (g Group) ARN(ctx context.Context) (string, error) {
	client, err := g.Session.SageMaker(ctx)
	if err != nil {
		return "", err
	}

	live, err := g.get(ctx, client)
	if err != nil {
		return "", err
	}

	return aws.ToString(live.ModelPackageGroupArn), nil
}

// Ensure makes the group, or tags it as it is wanted.
func (g Group) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := g.Session.SageMaker(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if claim.Known {
		if made, err := g.change(ctx, client, claim); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	err = g.create(ctx, client, claim)
	if !exists(err) {
		return part.Made{Exists: err == nil}, session.Worded(err, "create %s", g.What())
	}

	made, err := g.change(ctx, client, claim)
	if !errors.Is(err, backend.ErrNotFound) {
		return made, err
	}

	// It was being deleted: its name is free once that is done.
	if err := g.vanished(ctx, client); err != nil {
		return part.Made{}, err
	}

	err = g.create(ctx, client, claim)

	return part.Made{Exists: err == nil}, session.Worded(err, "create %s", g.What())
}

func (g Group) create(ctx context.Context, client *sagemaker.Client, claim part.Claim) error {
	in := &sagemaker.CreateModelPackageGroupInput{ModelPackageGroupName: aws.String(g.Name), Tags: tagList(g.Session.Tags(claim.Marks()))}
	if g.Description != "" {
		in.ModelPackageGroupDescription = aws.String(g.Description)
	}

	_, err := client.CreateModelPackageGroup(ctx, in)

	return err
}

// exists says of the error of a creation that there is a group of that name.
func exists(err error) bool {
	return session.Is(err, "ConflictException", "ValidationException") && session.Says(err, "already exists")
}

// missing says that there is no such group. SageMaker has one code for everything that is wrong with a request.
func missing(err error) bool {
	return session.Is(err, "ResourceNotFound") || session.Is(err, "ValidationException") && session.Says(err, "does not exist")
}

// patience is how long a group that is being deleted may take.
const patience = 2 * time.Minute

func (g Group) vanished(ctx context.Context, client *sagemaker.Client) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()

	err := session.Until(ctx, time.Second, 5*time.Second, func() (bool, error) {
		_, err := client.DescribeModelPackageGroup(ctx, &sagemaker.DescribeModelPackageGroupInput{ModelPackageGroupName: aws.String(g.Name)})
		if missing(err) {
			return true, nil
		}

		return false, err
	})

	return session.Worded(err, "wait until the former %s is deleted", g.What())
}

// get reads the group; one that is being deleted is gone.
func (g Group) get(ctx context.Context, client *sagemaker.Client) (*sagemaker.DescribeModelPackageGroupOutput, error) {
	live, err := client.DescribeModelPackageGroup(ctx, &sagemaker.DescribeModelPackageGroupInput{ModelPackageGroupName: aws.String(g.Name)})

	switch {
	case missing(err):
		return nil, fmt.Errorf("%s %w", g.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read %s", g.What())
	case live.ModelPackageGroupStatus == types.ModelPackageGroupStatusDeleting:
		return nil, fmt.Errorf("%s is being deleted: it %w", g.What(), backend.ErrNotFound)
	}

	return live, nil
}

// look reads the group and its tags.
func (g Group) look(ctx context.Context, client *sagemaker.Client) (*sagemaker.DescribeModelPackageGroupOutput, map[string]string, error) {
	live, err := g.get(ctx, client)
	if err != nil {
		return nil, nil, err
	}

	var list []types.Tag

	pages := sagemaker.NewListTagsPaginator(client, &sagemaker.ListTagsInput{ResourceArn: live.ModelPackageGroupArn})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, session.Worded(err, "read the tags of %s", g.What())
		}

		list = append(list, page.Tags...)
	}

	return live, session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value }), nil
}

func (g Group) change(ctx context.Context, client *sagemaker.Client, claim part.Claim) (part.Made, error) {
	live, tags, err := g.object().Held(ctx, client, claim)
	if err != nil {
		return part.Made{}, err
	}

	arn := live.ModelPackageGroupArn

	return part.Made{Exists: true}, claim.Retag(g.What(), tags, g.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.AddTags(ctx, &sagemaker.AddTagsInput{ResourceArn: arn, Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.DeleteTags(ctx, &sagemaker.DeleteTagsInput{ResourceArn: arn, TagKeys: keys})

		return err
	})
}

// Observe looks at the group; the facts are a Found.
func (g Group) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := g.object().Observe(ctx, claim)
	if err == nil {
		seen.Facts = Found{ARN: aws.ToString(live.ModelPackageGroupArn), Description: aws.ToString(live.ModelPackageGroupDescription)}
	}

	return seen, err
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}
