package role

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// release takes a policy off every role, user and group that has it: IAM deletes none that is attached.
func (p Policy) release(ctx context.Context, client *iam.Client) error {
	arn := p.arn()
	pages := iam.NewListEntitiesForPolicyPaginator(client, &iam.ListEntitiesForPolicyInput{PolicyArn: arn})

	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return session.Worded(err, "list who has policy %q", p.Name)
		}

		for _, role := range page.PolicyRoles {
			_, err := client.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{PolicyArn: arn, RoleName: role.RoleName})
			if err := p.released(err, "role", role.RoleName); err != nil {
				return err
			}
		}

		for _, user := range page.PolicyUsers {
			_, err := client.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{PolicyArn: arn, UserName: user.UserName})
			if err := p.released(err, "user", user.UserName); err != nil {
				return err
			}
		}

		for _, group := range page.PolicyGroups {
			_, err := client.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{PolicyArn: arn, GroupName: group.GroupName})
			if err := p.released(err, "group", group.GroupName); err != nil {
				return err
			}
		}
	}

	return nil
}

func (p Policy) released(err error, kind string, name *string) error {
	return session.Worded(session.Except(err, noSuchEntity), "detach policy %q from %s %q", p.Name, kind, aws.ToString(name))
}
