package role

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Profile is an instance profile, by which machines in EC2 have the role of the same name.
type Profile struct {
	Session *session.Session
	Name    string
	// Path begins and ends with a slash; empty is "/".
	Path string
}

var _ part.Part = Profile{}

// What names the profile.
func (p Profile) What() string { return fmt.Sprintf("instance profile %q", p.Name) }

func (p Profile) object() part.Object[*iam.Client, *types.InstanceProfile] {
	return part.Object[*iam.Client, *types.InstanceProfile]{What: p.What(), Session: p.Session, Open: p.Session.IAM, Get: p.get}
}

// Ensure makes the profile and puts the role into it.
func (p Profile) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return p.object().Ensure(ctx, claim, p.create, p.change)
}

func (p Profile) create(ctx context.Context, client *iam.Client, claim part.Claim) (bool, error) {
	in := &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String(p.Name), Tags: tagList(p.Session.Tags(claim.Marks()))}
	if p.Path != "" {
		in.Path = aws.String(p.Path)
	}

	_, err := client.CreateInstanceProfile(ctx, in)

	switch {
	case session.Is(err, alreadyExists):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create %s", p.What())
	}

	return true, p.fill(ctx, client)
}

// fill puts the role into the profile. A role that was just made may take a while to be seen.
func (p Profile) fill(ctx context.Context, client *iam.Client) error {
	err := session.Settled(ctx, func(err error) bool { return session.Is(err, noSuchEntity) }, func() error {
		_, err := client.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{
			InstanceProfileName: aws.String(p.Name), RoleName: aws.String(p.Name),
		})

		return err
	})

	return session.Worded(err, "put role %q into %s", p.Name, p.What())
}

func (p Profile) change(ctx context.Context, client *iam.Client, claim part.Claim, live *types.InstanceProfile, tags map[string]string) error {
	err := claim.Retag(p.What(), tags, p.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.TagInstanceProfile(ctx, &iam.TagInstanceProfileInput{InstanceProfileName: aws.String(p.Name), Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagInstanceProfile(ctx, &iam.UntagInstanceProfileInput{InstanceProfileName: aws.String(p.Name), TagKeys: keys})

		return err
	})
	if err != nil || slices.Contains(rolesOf(live), p.Name) {
		return err
	}

	if err := p.empty(ctx, client, live); err != nil { // a profile has one role
		return err
	}

	return p.fill(ctx, client)
}

func (p Profile) get(ctx context.Context, client *iam.Client) (*types.InstanceProfile, map[string]string, error) {
	answer, err := client.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String(p.Name)})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, nil, fmt.Errorf("%s %w", p.What(), backend.ErrNotFound)
	case err != nil:
		return nil, nil, session.Worded(err, "read %s", p.What())
	}

	return answer.InstanceProfile, tagMap(answer.InstanceProfile.Tags), nil
}

// Observe looks at the profile; it has no facts.
func (p Profile) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := p.object().Observe(ctx, claim)
	if err == nil && !slices.Contains(rolesOf(live), p.Name) {
		seen.Drift = append(seen.Drift, fmt.Sprintf("role %q is not in %s", p.Name, p.What()))
	}

	return seen, err
}

// Remove deletes the profile; the role stays.
func (p Profile) Remove(ctx context.Context, claim part.Claim) error {
	return p.object().Remove(ctx, claim, p.delete)
}

func (p Profile) delete(ctx context.Context, client *iam.Client, live *types.InstanceProfile) error {
	if err := p.empty(ctx, client, live); err != nil {
		return err
	}

	_, err := client.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: aws.String(p.Name)})

	return session.Worded(session.Except(err, noSuchEntity), "delete %s", p.What())
}

// empty takes every role out of the profile.
func (p Profile) empty(ctx context.Context, client *iam.Client, live *types.InstanceProfile) error {
	for _, name := range rolesOf(live) {
		_, err := client.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{
			InstanceProfileName: aws.String(p.Name), RoleName: aws.String(name),
		})
		if err != nil && !session.Is(err, noSuchEntity) {
			return session.Worded(err, "take role %q out of %s", name, p.What())
		}
	}

	return nil
}

func rolesOf(live *types.InstanceProfile) []string {
	var names []string
	for _, one := range live.Roles {
		names = append(names, aws.ToString(one.RoleName))
	}

	return names
}
