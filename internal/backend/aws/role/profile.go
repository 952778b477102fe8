package role

import (
	"context"
	"errors"
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

// Ensure makes the profile and puts the role into it.
func (p Profile) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := p.Session.IAM(ctx)
	if err != nil {
		return part.Made{}, err
	}

	if claim.Known {
		if made, err := p.change(ctx, client, claim); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	in := &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String(p.Name), Tags: tagList(p.Session.Tags(claim.Marks()))}
	if p.Path != "" {
		in.Path = aws.String(p.Path)
	}

	_, err = client.CreateInstanceProfile(ctx, in)

	switch {
	case session.Is(err, "EntityAlreadyExists"):
		return p.change(ctx, client, claim)
	case err != nil:
		return part.Made{}, session.Worded(err, "create %s", p.What())
	}

	return part.Made{Exists: true}, p.fill(ctx, client)
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

func (p Profile) change(ctx context.Context, client *iam.Client, claim part.Claim) (part.Made, error) {
	live, err := p.get(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	tags := tagMap(live.Tags)
	if err := claim.Check(p.What(), tags); err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}

	if merged, changed := session.Retagged(tags, claim.Former, p.Session.Tags(claim.Marks())); changed {
		if gone := session.Gone(tags, merged); len(gone) > 0 {
			in := &iam.UntagInstanceProfileInput{InstanceProfileName: aws.String(p.Name), TagKeys: gone}
			if _, err := client.UntagInstanceProfile(ctx, in); err != nil {
				return made, session.Worded(err, "untag %s", p.What())
			}
		}

		in := &iam.TagInstanceProfileInput{InstanceProfileName: aws.String(p.Name), Tags: tagList(merged)}
		if _, err := client.TagInstanceProfile(ctx, in); err != nil {
			return made, session.Worded(err, "tag %s", p.What())
		}
	}

	if slices.Contains(rolesOf(live), p.Name) {
		return made, nil
	}

	if err := p.empty(ctx, client, live); err != nil { // a profile has one role
		return made, err
	}

	return made, p.fill(ctx, client)
}

func (p Profile) get(ctx context.Context, client *iam.Client) (*types.InstanceProfile, error) {
	answer, err := client.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String(p.Name)})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, fmt.Errorf("%s %w", p.What(), backend.ErrNotFound)
	case err != nil:
		return nil, session.Worded(err, "read %s", p.What())
	}

	return answer.InstanceProfile, nil
}

// Observe looks at the profile; it has no facts.
func (p Profile) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := p.Session.IAM(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	live, err := p.get(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	tags := tagMap(live.Tags)
	if err := claim.Check(p.What(), tags); err != nil {
		return part.Seen{}, err
	}

	seen := part.Seen{Tags: tags, Drift: session.Differences(tags, p.Session.Tags(claim.Owner))}
	if !slices.Contains(rolesOf(live), p.Name) {
		seen.Drift = append(seen.Drift, fmt.Sprintf("role %q is not in %s", p.Name, p.What()))
	}

	return seen, nil
}

// Remove deletes the profile; the role stays.
func (p Profile) Remove(ctx context.Context, claim part.Claim) error {
	client, err := p.Session.IAM(ctx)
	if err != nil {
		return err
	}

	live, err := p.get(ctx, client)

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil
	case err != nil:
		return err
	case !claim.Owns(tagMap(live.Tags)):
		return nil
	}

	if err := p.empty(ctx, client, live); err != nil {
		return err
	}

	_, err = client.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: aws.String(p.Name)})
	if session.Is(err, noSuchEntity) {
		return nil
	}

	return session.Worded(err, "delete %s", p.What())
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
