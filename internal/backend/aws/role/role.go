// Package role makes roles and policies of IAM.
package role

import (
	"context"
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

func (r Role) object() part.Object[*iam.Client, *types.Role] {
	return part.Object[*iam.Client, *types.Role]{What: r.What(), Session: r.Session, Open: r.Session.IAM, Get: r.get}
}

// Ensure makes the role, or brings it to what is wanted.
func (r Role) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return r.object().Ensure(ctx, claim, r.create, r.change)
}

func (r Role) create(ctx context.Context, client *iam.Client, claim part.Claim) (bool, error) {
	_, err := client.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(r.Name), Path: r.path(), AssumeRolePolicyDocument: aws.String(r.Trust.JSON()),
		Description: aws.String(r.Description), PermissionsBoundary: r.boundary(), Tags: tagList(r.Session.Tags(claim.Marks())),
	})

	switch {
	case session.Is(err, alreadyExists):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create role %q", r.Name)
	}

	return true, r.furnish(ctx, client, nil, nil)
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
func (r Role) change(ctx context.Context, client *iam.Client, claim part.Claim, live *types.Role, tags map[string]string) error {
	if err := r.retag(ctx, client, claim, tags); err != nil {
		return err
	}

	if err := r.changeSelf(ctx, client, live); err != nil {
		return err
	}

	inline, attached, err := r.granted(ctx, client)
	if err != nil {
		return err
	}

	for name := range inline { // ours that are empty now
		if document, ours := r.Inline[name]; ours && document.Empty() {
			if err := r.drop(ctx, client, name); err != nil {
				return err
			}
		}
	}

	return r.furnish(ctx, client, inline, attached)
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

// The codes of IAM.
const (
	noSuchEntity  = "NoSuchEntity"
	alreadyExists = "EntityAlreadyExists"
)

func (r Role) get(ctx context.Context, client *iam.Client) (*types.Role, map[string]string, error) {
	answer, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String(r.Name)})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, nil, fmt.Errorf("role %q %w", r.Name, backend.ErrNotFound)
	case err != nil:
		return nil, nil, session.Worded(err, "read role %q", r.Name)
	}

	return answer.Role, tagMap(answer.Role.Tags), nil
}

func (r Role) retag(ctx context.Context, client *iam.Client, claim part.Claim, found map[string]string) error {
	return claim.Retag(r.What(), found, r.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.TagRole(ctx, &iam.TagRoleInput{RoleName: aws.String(r.Name), Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagRole(ctx, &iam.UntagRoleInput{RoleName: aws.String(r.Name), TagKeys: keys})

		return err
	})
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}

func tagMap(list []types.Tag) map[string]string {
	return session.TagMap(list, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })
}
