package role

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Observe looks at the role; the facts are a Found. A permissions boundary is an attribute of flavors, and no drift.
func (r Role) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := r.object().Observe(ctx, claim)
	if err != nil {
		return seen, err
	}

	seen.Facts = Found{ARN: aws.ToString(live.Arn), Boundary: boundaryOf(live)}

	if same, err := policy.Equal(aws.ToString(live.AssumeRolePolicyDocument), r.Trust.JSON()); err != nil || !same {
		seen.Drift = append(seen.Drift, r.What()+" trusts others than it should")
	}

	if aws.ToString(live.Path) != aws.ToString(r.path()) {
		seen.Drift = append(seen.Drift, fmt.Sprintf("%s has the path %s, should be %s", r.What(), aws.ToString(live.Path), aws.ToString(r.path())))
	}

	lines, err := r.grants(ctx)
	seen.Drift = append(seen.Drift, lines...)

	return seen, err
}

// grants says which of the wanted policies are missing or differ. It asks for each by its name, which is one call where a
// role has one; what others have added is theirs.
func (r Role) grants(ctx context.Context) ([]string, error) {
	client, err := r.Session.IAM(ctx)
	if err != nil {
		return nil, err
	}

	var lines []string

	for _, name := range slices.Sorted(maps.Keys(r.Inline)) {
		if r.Inline[name].Empty() {
			continue
		}

		answer, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(r.Name), PolicyName: aws.String(name)})

		switch {
		case session.Is(err, noSuchEntity):
			lines = append(lines, fmt.Sprintf("policy %q of %s does not exist", name, r.What()))

			continue
		case err != nil:
			return lines, session.Worded(err, "read policy %q of role %q", name, r.Name)
		}

		if same, err := policy.Equal(aws.ToString(answer.PolicyDocument), r.Inline[name].JSON()); err != nil || !same {
			lines = append(lines, fmt.Sprintf("policy %q of %s is not as it should be", name, r.What()))
		}
	}

	if len(r.Managed) == 0 {
		return lines, nil
	}

	attached, err := r.attached(ctx, client)

	for _, arn := range r.Managed {
		if err == nil && !slices.Contains(attached, arn) {
			lines = append(lines, fmt.Sprintf("%s is not attached to %s", arn, r.What()))
		}
	}

	return lines, err
}

// granted are all policies in a role by their names, and the ARNs of those that are attached to it.
func (r Role) granted(ctx context.Context, client *iam.Client) (inline map[string]string, attached []string, err error) {
	inline = map[string]string{}

	pages := iam.NewListRolePoliciesPaginator(client, &iam.ListRolePoliciesInput{RoleName: aws.String(r.Name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, session.Worded(err, "list the policies of role %q", r.Name)
		}

		for _, name := range page.PolicyNames {
			inline[name] = ""

			if _, ours := r.Inline[name]; !ours {
				continue
			}

			answer, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String(r.Name), PolicyName: aws.String(name)})
			if err != nil && !session.Is(err, noSuchEntity) {
				return nil, nil, session.Worded(err, "read policy %q of role %q", name, r.Name)
			}

			if err == nil {
				inline[name] = aws.ToString(answer.PolicyDocument)
			}
		}
	}

	attached, err = r.attached(ctx, client)

	return inline, attached, err
}

func (r Role) attached(ctx context.Context, client *iam.Client) ([]string, error) {
	var arns []string

	pages := iam.NewListAttachedRolePoliciesPaginator(client, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String(r.Name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, session.Worded(err, "list what is attached to role %q", r.Name)
		}

		for _, one := range page.AttachedPolicies {
			arns = append(arns, aws.ToString(one.PolicyArn))
		}
	}

	return arns, nil
}

// Remove deletes the role with all that is in it or attached to it.
func (r Role) Remove(ctx context.Context, claim part.Claim) error {
	return r.object().Remove(ctx, claim, r.dismantle)
}

func (r Role) dismantle(ctx context.Context, client *iam.Client, _ *types.Role) error {
	// What is ours goes without asking; only where more is in the way is it listed.
	for _, name := range slices.Sorted(maps.Keys(r.Inline)) {
		if !r.Inline[name].Empty() {
			if err := r.drop(ctx, client, name); err != nil {
				return err
			}
		}
	}

	for _, arn := range r.Managed {
		if err := r.detach(ctx, client, arn); err != nil {
			return err
		}
	}

	err := r.delete(ctx, client)
	if !session.Is(err, "DeleteConflict") {
		return session.Worded(err, "delete role %q", r.Name)
	}

	if err := r.clear(ctx, client); err != nil {
		return err
	}

	return session.Worded(r.delete(ctx, client), "delete role %q", r.Name)
}

func (r Role) delete(ctx context.Context, client *iam.Client) error {
	_, err := client.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String(r.Name)})

	return session.Except(err, noSuchEntity)
}

// clear takes everything off a role that keeps it from being deleted, whoever has put it there.
func (r Role) clear(ctx context.Context, client *iam.Client) error {
	inline, attached, err := r.granted(ctx, client)
	if err != nil {
		return err
	}

	for _, name := range slices.Sorted(maps.Keys(inline)) {
		if err := r.drop(ctx, client, name); err != nil {
			return err
		}
	}

	for _, arn := range attached {
		if err := r.detach(ctx, client, arn); err != nil {
			return err
		}
	}

	profiles, err := client.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: aws.String(r.Name)})
	if err != nil {
		return session.Worded(err, "list the instance profiles of role %q", r.Name)
	}

	for _, profile := range profiles.InstanceProfiles {
		_, err := client.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{
			RoleName: aws.String(r.Name), InstanceProfileName: profile.InstanceProfileName,
		})
		if err != nil && !session.Is(err, noSuchEntity) {
			return session.Worded(err, "take role %q out of instance profile %q", r.Name, aws.ToString(profile.InstanceProfileName))
		}
	}

	return nil
}

func (r Role) drop(ctx context.Context, client *iam.Client, name string) error {
	_, err := client.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: aws.String(r.Name), PolicyName: aws.String(name)})

	return session.Worded(session.Except(err, noSuchEntity), "take policy %q out of role %q", name, r.Name)
}

func (r Role) detach(ctx context.Context, client *iam.Client, arn string) error {
	_, err := client.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: aws.String(r.Name), PolicyArn: aws.String(arn)})

	return session.Worded(session.Except(err, noSuchEntity), "detach %s from role %q", arn, r.Name)
}
