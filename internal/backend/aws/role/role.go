// Package role makes roles and policies of IAM.
package role

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Role is a role as a component wants it.
type Role struct {
	Session *session.Session
	Name    string
	// Path begins and ends with a slash; empty is "/".
	Path string
	// Trust says who may work as the role.
	Trust policy.Document
	// Inline are the policies that are part of the role, by their names; empty ones are left out.
	Inline map[string]policy.Document
	// Managed are ARNs of policies that are attached.
	Managed []string
	// Boundary is the ARN of the policy that bounds what the role may ever do; empty for none.
	Boundary    string
	Description string
}

var _ part.Part = Role{}

// Found is what a role is like: the facts that Observe gives.
type Found struct {
	ARN, Boundary string
}

// What names the role.
func (r Role) What() string { return fmt.Sprintf("role %q", r.Name) }

func (r Role) path() *string {
	if r.Path == "" {
		return aws.String("/")
	}

	return aws.String(r.Path)
}

func (r Role) boundary() *string {
	if r.Boundary == "" {
		return nil
	}

	return aws.String(r.Boundary)
}

// Ensure makes the role, or brings it to what is wanted.
func (r Role) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := r.Session.IAM(ctx)
	if err != nil {
		return part.Made{}, err
	}

	wanted := r.Session.Tags(claim.Marks())

	if claim.Known {
		if made, err := r.change(ctx, client, claim, wanted); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	_, err = client.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(r.Name), Path: r.path(), AssumeRolePolicyDocument: aws.String(r.Trust.JSON()),
		Description: aws.String(r.Description), PermissionsBoundary: r.boundary(), Tags: tagList(wanted),
	})

	switch {
	case session.Is(err, "EntityAlreadyExists"):
		return r.change(ctx, client, claim, wanted)
	case err != nil:
		return part.Made{}, session.Worded(err, "create role %q", r.Name)
	}

	return part.Made{Exists: true}, r.furnish(ctx, client, nil, nil)
}

// furnish puts and attaches what the role lacks. inline and attached are what it has.
func (r Role) furnish(ctx context.Context, client *iam.Client, inline map[string]string, attached []string) error {
	for _, name := range slices.Sorted(maps.Keys(r.Inline)) {
		if r.Inline[name].Empty() {
			continue
		}

		text := r.Inline[name].JSON()
		if same, err := policy.Equal(inline[name], text); err == nil && same {
			continue
		}

		_, err := client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String(r.Name), PolicyName: aws.String(name), PolicyDocument: aws.String(text)})
		if err != nil {
			return session.Worded(err, "put policy %q into role %q", name, r.Name)
		}
	}

	for _, arn := range r.Managed {
		if slices.Contains(attached, arn) {
			continue
		}

		if _, err := client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String(r.Name), PolicyArn: aws.String(arn)}); err != nil {
			return session.Worded(err, "attach %s to role %q", arn, r.Name)
		}
	}

	return nil
}

// change brings a role that exists to what is wanted. What others have added to it stays.
func (r Role) change(ctx context.Context, client *iam.Client, claim part.Claim, wanted map[string]string) (part.Made, error) {
	live, err := r.get(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	if err := claim.Check(r.What(), tagMap(live.Tags)); err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}

	if err := r.retag(ctx, client, tagMap(live.Tags), claim.Former, wanted); err != nil {
		return made, err
	}

	if err := r.changeSelf(ctx, client, live); err != nil {
		return made, err
	}

	inline, attached, err := r.granted(ctx, client)
	if err != nil {
		return made, err
	}

	for name := range inline { // ours that are empty now
		if document, ours := r.Inline[name]; ours && document.Empty() {
			_, err := client.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: aws.String(r.Name), PolicyName: aws.String(name)})
			if err != nil && !session.Is(err, noSuchEntity) {
				return made, session.Worded(err, "take policy %q out of role %q", name, r.Name)
			}
		}
	}

	return made, r.furnish(ctx, client, inline, attached)
}

// changeSelf brings trust, boundary and description to what is wanted.
func (r Role) changeSelf(ctx context.Context, client *iam.Client, live *types.Role) error {
	if same, err := policy.Equal(aws.ToString(live.AssumeRolePolicyDocument), r.Trust.JSON()); err != nil || !same {
		err := session.Settled(ctx, isNewPrincipal, func() error {
			_, err := client.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{
				RoleName: aws.String(r.Name), PolicyDocument: aws.String(r.Trust.JSON()),
			})

			return err
		})
		if err != nil {
			return session.Worded(err, "set the trust of role %q", r.Name)
		}
	}

	if aws.ToString(live.Description) != r.Description {
		if _, err := client.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: aws.String(r.Name), Description: aws.String(r.Description)}); err != nil {
			return session.Worded(err, "describe role %q", r.Name)
		}
	}

	var err error

	switch has := boundaryOf(live); {
	case has == r.Boundary:
	case r.Boundary == "":
		_, err = client.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String(r.Name)})
	default:
		_, err = client.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String(r.Name), PermissionsBoundary: r.boundary()})
	}

	return session.Worded(err, "set the permissions boundary of role %q", r.Name)
}

// isNewPrincipal says that a policy names somebody who was made just now and is not known everywhere yet.
func isNewPrincipal(err error) bool {
	return session.Is(err, "MalformedPolicyDocument") && session.Says(err, "Invalid principal")
}

func boundaryOf(live *types.Role) string {
	if live.PermissionsBoundary == nil {
		return ""
	}

	return aws.ToString(live.PermissionsBoundary.PermissionsBoundaryArn)
}

const noSuchEntity = "NoSuchEntity"

func (r Role) get(ctx context.Context, client *iam.Client) (*types.Role, error) {
	answer, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(r.Name)})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, fmt.Errorf("role %q %w", r.Name, backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read role %q", r.Name)
	}

	return answer.Role, nil
}

func (r Role) retag(ctx context.Context, client *iam.Client, found, former, wanted map[string]string) error {
	merged, changed := session.Retagged(found, former, wanted)
	if !changed {
		return nil
	}

	if gone := session.Gone(found, merged); len(gone) > 0 {
		if _, err := client.UntagRole(ctx, &iam.UntagRoleInput{RoleName: aws.String(r.Name), TagKeys: gone}); err != nil {
			return session.Worded(err, "untag role %q", r.Name)
		}
	}

	_, err := client.TagRole(ctx, &iam.TagRoleInput{RoleName: aws.String(r.Name), Tags: tagList(merged)})

	return session.Worded(err, "tag role %q", r.Name)
}

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
