package inventory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// ownPath is where roles and policies are put by default. IAM tells the tags of each only by itself, and an account may have
// thousands of others.
const ownPath = "/mlstacks/"

func roles(ctx context.Context, s *session.Session) Objects {
	client, err := s.IAM(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list roles", func(token *string) ([]types.Role, *string, error) {
		list, err := client.ListRoles(ctx, &iam.ListRolesInput{Marker: token, PathPrefix: aws.String(ownPath)})
		if err != nil {
			return nil, nil, err
		}

		return list.Roles, list.Marker, nil
	}, func(one types.Role) (*Object, error) {
		tagged, err := client.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: one.RoleName})
		if err != nil {
			return nil, err
		}

		return &Object{Name: aws.ToString(one.RoleName), Tags: iamTags(tagged.Tags)}, nil
	})
}

func policies(ctx context.Context, s *session.Session) Objects {
	client, err := s.IAM(ctx)
	if err != nil {
		return failed(err)
	}

	return walk("list policies", func(token *string) ([]types.Policy, *string, error) {
		list, err := client.ListPolicies(ctx, &iam.ListPoliciesInput{
			Marker: token, PathPrefix: aws.String(ownPath), Scope: types.PolicyScopeTypeLocal,
		})
		if err != nil {
			return nil, nil, err
		}

		return list.Policies, list.Marker, nil
	}, func(one types.Policy) (*Object, error) {
		tagged, err := client.ListPolicyTags(ctx, &iam.ListPolicyTagsInput{PolicyArn: one.Arn})
		if err != nil {
			return nil, err
		}

		return &Object{Name: aws.ToString(one.PolicyName), Tags: iamTags(tagged.Tags)}, nil
	})
}

func iamTags(tags []types.Tag) map[string]string {
	return session.TagMap(tags, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}
