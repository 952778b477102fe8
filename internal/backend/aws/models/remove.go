package models

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Remove deletes the group. One with versions of a model in it stays, with backend.ErrHoldsData, unless Force says
// otherwise.
func (g Group) Remove(ctx context.Context, claim part.Claim) error {
	return g.object().Remove(ctx, claim, g.clear)
}

// clear deletes the group, and before that the versions that keep it from being deleted.
func (g Group) clear(ctx context.Context, client *sagemaker.Client, _ *sagemaker.DescribeModelPackageGroupOutput) error {
	err := g.delete(ctx, client)
	if !session.Is(err, "ConflictException", "ValidationException") {
		return err
	}

	versions, listed := g.versions(ctx, client)

	switch { // it is the versions that say why, and not the words of a refusal
	case listed != nil || len(versions) == 0:
		return err
	case !g.Force:
		return fmt.Errorf("%s %w: %d versions of a model", g.What(), backend.ErrHoldsData, len(versions))
	}

	for _, arn := range versions {
		_, err := client.DeleteModelPackage(ctx, &sagemaker.DeleteModelPackageInput{ModelPackageName: arn})
		if err != nil && !missing(err) {
			return session.Worded(err, "delete %s of %s", aws.ToString(arn), g.What())
		}
	}

	return g.delete(ctx, client)
}

func (g Group) delete(ctx context.Context, client *sagemaker.Client) error {
	_, err := client.DeleteModelPackageGroup(ctx, &sagemaker.DeleteModelPackageGroupInput{ModelPackageGroupName: aws.String(g.Name)})
	if missing(err) {
		return nil
	}

	return session.Worded(err, "delete %s", g.What())
}

// versions are the ARNs of those that are in the group.
func (g Group) versions(ctx context.Context, client *sagemaker.Client) ([]*string, error) {
	var arns []*string

	pages := sagemaker.NewListModelPackagesPaginator(client, &sagemaker.ListModelPackagesInput{
		ModelPackageGroupName: aws.String(g.Name), MaxResults: aws.Int32(100),
	})

	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Worded(err, "list what is in %s", g.What())
		}

		for _, version := range page.ModelPackageSummaryList {
			arns = append(arns, version.ModelPackageArn)
		}
	}

	return arns, nil
}
