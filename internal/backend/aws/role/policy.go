package role

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/policy"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Policy is a policy of the account's own, which is there to be attached to whoever needs it.
type Policy struct {
	Session *session.Session
	// Place says whose it is: policies are known by their ARNs alone.
	Place policy.Place
	Name  string
	// Path begins and ends with a slash; empty is "/".
	Path        string
	Document    policy.Document
	Description string
}

var _ part.Part = Policy{}

// What names the policy.
func (p Policy) What() string { return fmt.Sprintf("policy %q", p.Name) }

// PolicyARN is that of a policy of the account's own.
func PolicyARN(place policy.Place, path, name string) string {
	if path == "" {
		path = "/"
	}

	return naming.ARN(place.Partition, "iam", "", place.Account, "policy"+path+name)
}

func (p Policy) open(ctx context.Context) (*iam.Client, *string, error) {
	client, err := p.Session.IAM(ctx)

	return client, aws.String(PolicyARN(p.Place, p.Path, p.Name)), err
}

// Ensure makes the policy, or brings it to what is wanted.
func (p Policy) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, arn, err := p.open(ctx)
	if err != nil {
		return part.Made{}, err
	}

	wanted := p.Session.Tags(claim.Marks())

	if claim.Known {
		if made, err := p.change(ctx, client, arn, claim, wanted); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	in := &iam.CreatePolicyInput{
		PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document.JSON()), Description: aws.String(p.Description), Tags: tagList(wanted),
	}
	if p.Path != "" {
		in.Path = aws.String(p.Path)
	}

	_, err = client.CreatePolicy(ctx, in)

	switch {
	case session.Is(err, "EntityAlreadyExists"):
		return p.change(ctx, client, arn, claim, wanted)
	case err != nil:
		return part.Made{}, session.Worded(err, "create policy %q", p.Name)
	}

	return part.Made{Exists: true}, nil
}

func (p Policy) change(ctx context.Context, client *iam.Client, arn *string, claim part.Claim, wanted map[string]string) (part.Made, error) {
	live, text, err := p.get(ctx, client, arn)
	if err != nil {
		return part.Made{}, err
	}

	tags := tagMap(live.Tags)
	if err := claim.Check(p.What(), tags); err != nil {
		return part.Made{}, err
	}

	made := part.Made{Exists: true}

	if merged, changed := session.Retagged(tags, claim.Former, wanted); changed {
		if gone := session.Gone(tags, merged); len(gone) > 0 {
			if _, err := client.UntagPolicy(ctx, &iam.UntagPolicyInput{PolicyArn: arn, TagKeys: gone}); err != nil {
				return made, session.Worded(err, "untag policy %q", p.Name)
			}
		}

		if _, err := client.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: arn, Tags: tagList(merged)}); err != nil {
			return made, session.Worded(err, "tag policy %q", p.Name)
		}
	}

	if same, err := policy.Equal(text, p.Document.JSON()); err == nil && same {
		return made, nil
	}

	if err := p.makeRoom(ctx, client, arn); err != nil {
		return made, err
	}

	_, err = client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: arn, PolicyDocument: aws.String(p.Document.JSON()), SetAsDefault: true,
	})

	return made, session.Worded(err, "change policy %q", p.Name)
}

// maxVersions is how many versions of a policy IAM keeps.
const maxVersions = 5

// makeRoom deletes the oldest version of a policy that has as many as it may have.
func (p Policy) makeRoom(ctx context.Context, client *iam.Client, arn *string) error {
	versions, err := p.versions(ctx, client, arn)
	if err != nil || len(versions) < maxVersions {
		return err
	}

	oldest := types.PolicyVersion{}

	for _, version := range versions {
		if !version.IsDefaultVersion && (oldest.CreateDate == nil || version.CreateDate.Before(*oldest.CreateDate)) {
			oldest = version
		}
	}

	_, err = client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: oldest.VersionId})

	return session.Worded(err, "delete an old version of policy %q", p.Name)
}

func (p Policy) versions(ctx context.Context, client *iam.Client, arn *string) ([]types.PolicyVersion, error) {
	answer, err := client.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: arn})
	if err != nil {
		return nil, session.Worded(err, "list the versions of policy %q", p.Name)
	}

	return answer.Versions, nil
}

// get reads a policy and the text that is in force.
func (p Policy) get(ctx context.Context, client *iam.Client, arn *string) (*types.Policy, string, error) {
	answer, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: arn})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, "", fmt.Errorf("policy %q %w", p.Name, backend.ErrNotFound)
	case err != nil:
		return nil, "", session.Worded(err, "read policy %q", p.Name)
	}

	version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: arn, VersionId: answer.Policy.DefaultVersionId})
	if err != nil {
		return nil, "", session.Worded(err, "read policy %q", p.Name)
	}

	return answer.Policy, aws.ToString(version.PolicyVersion.Document), nil
}

// Observe looks at the policy; it has no facts.
func (p Policy) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, arn, err := p.open(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	live, text, err := p.get(ctx, client, arn)
	if err != nil {
		return part.Seen{}, err
	}

	tags := tagMap(live.Tags)
	if err := claim.Check(p.What(), tags); err != nil {
		return part.Seen{}, err
	}

	seen := part.Seen{Tags: tags, Drift: session.Differences(tags, p.Session.Tags(claim.Owner))}
	if same, err := policy.Equal(text, p.Document.JSON()); err != nil || !same {
		seen.Drift = append(seen.Drift, p.What()+" does not say what it should")
	}

	return seen, nil
}

// Remove deletes the policy, taking it off whoever has it.
func (p Policy) Remove(ctx context.Context, claim part.Claim) error {
	client, arn, err := p.open(ctx)
	if err != nil {
		return err
	}

	answer, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: arn})

	switch {
	case session.Is(err, noSuchEntity):
		return nil
	case err != nil:
		return session.Worded(err, "read policy %q", p.Name)
	case !claim.Owns(tagMap(answer.Policy.Tags)):
		return nil
	}

	if aws.ToInt32(answer.Policy.AttachmentCount) > 0 {
		if err := p.release(ctx, client, arn); err != nil {
			return err
		}
	}

	if aws.ToString(answer.Policy.DefaultVersionId) != "v1" { // it was changed, and IAM has kept what it said before
		if err := p.forget(ctx, client, arn); err != nil {
			return err
		}
	}

	_, err = client.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: arn})
	if session.Is(err, noSuchEntity) {
		return nil
	}

	return session.Worded(err, "delete policy %q", p.Name)
}

func (p Policy) forget(ctx context.Context, client *iam.Client, arn *string) error {
	versions, err := p.versions(ctx, client, arn)
	if err != nil {
		return err
	}

	for _, version := range versions {
		if version.IsDefaultVersion {
			continue
		}

		_, err := client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: version.VersionId})
		if err != nil && !session.Is(err, noSuchEntity) {
			return session.Worded(err, "delete an old version of policy %q", p.Name)
		}
	}

	return nil
}
