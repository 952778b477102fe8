package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	build "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/eks"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	models "github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

func projects(ctx context.Context, s *session.Session) Objects {
	client, err := s.CodeBuild(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list CodeBuild projects", func(token *string) ([]build.Project, *string, error) {
		list, err := client.ListProjects(ctx, &codebuild.ListProjectsInput{NextToken: token})
		if err != nil || len(list.Projects) == 0 {
			return nil, nil, err
		}

		all, err := client.BatchGetProjects(ctx, &codebuild.BatchGetProjectsInput{Names: list.Projects})
		if err != nil {
			return nil, nil, err
		}

		return all.Projects, list.NextToken, nil
	}, func(one build.Project) (*Object, error) {
		tags := session.TagMap(one.Tags, func(tag build.Tag) (key, value *string) { return tag.Key, tag.Value })

		return &Object{Name: aws.ToString(one.Name), Tags: tags}, nil
	})
}

func clusters(ctx context.Context, s *session.Session) Objects {
	client, err := s.EKS(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list EKS clusters", func(token *string) ([]string, *string, error) {
		list, err := client.ListClusters(ctx, &eks.ListClustersInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}

		return list.Clusters, list.NextToken, nil
	}, func(name string) (*Object, error) {
		one, err := client.DescribeCluster(ctx, &eks.DescribeClusterInput{Name: aws.String(name)})
		if err != nil {
			return nil, err
		}

		return &Object{Name: name, Tags: one.Cluster.Tags}, nil
	})
}

func modelGroups(ctx context.Context, s *session.Session) Objects {
	client, err := s.SageMaker(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list model package groups", func(token *string) ([]models.ModelPackageGroupSummary, *string, error) {
		list, err := client.ListModelPackageGroups(ctx, &sagemaker.ListModelPackageGroupsInput{NextToken: token})
		if err != nil {
			return nil, nil, err
		}

		return list.ModelPackageGroupSummaryList, list.NextToken, nil
	}, func(one models.ModelPackageGroupSummary) (*Object, error) {
		tagged, err := client.ListTags(ctx, &sagemaker.ListTagsInput{ResourceArn: one.ModelPackageGroupArn})
		if err != nil {
			return nil, err
		}

		tags := session.TagMap(tagged.Tags, func(tag models.Tag) (key, value *string) { return tag.Key, tag.Value })

		return &Object{Name: aws.ToString(one.ModelPackageGroupName), Tags: tags}, nil
	})
}
