package role

import (
	"context"
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

func (p Policy) arn() *string { return aws.String(PolicyARN(p.Place, p.Path, p.Name)) }

// written is a policy with what it says.
type written struct {
	*types.Policy

	text string
}

func (p Policy) object() part.Object[*iam.Client, written] {
	return part.Object[*iam.Client, written]{What: p.What(), Session: p.Session, Open: p.Session.IAM, Get: p.get}
}

// Ensure makes the policy, or brings it to what is wanted.
func (p Policy) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	return p.object().Ensure(ctx, claim, p.create, p.change)
}

func (p Policy) create(ctx context.Context, client *iam.Client, claim part.Claim) (bool, error) {
	in := &iam.CreatePolicyInput{
		PolicyName: aws.String(p.Name), PolicyDocument: aws.String(p.Document.JSON()), Description: aws.String(p.Description),
		Tags: tagList(p.Session.Tags(claim.Marks())),
	}
	if p.Path != "" {
		in.Path = aws.String(p.Path)
	}

	_, err := client.CreatePolicy(ctx, in)

	switch {
	case session.Is(err, alreadyExists):
		return false, nil
	case err != nil:
		return false, session.Worded(err, "create policy %q", p.Name)
	}

	return true, nil
}

func (p Policy) change(ctx context.Context, client *iam.Client, claim part.Claim, live written, tags map[string]string) error {
	err := claim.Retag(p.What(), tags, p.Session.Tags(claim.Marks()), func(tags map[string]string) error {
		_, err := client.TagPolicy(ctx, &iam.TagPolicyInput{PolicyArn: p.arn(), Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagPolicy(ctx, &iam.UntagPolicyInput{PolicyArn: p.arn(), TagKeys: keys})

		return err
	})
	if err != nil {
		return err
	}

	if same, err := policy.Equal(live.text, p.Document.JSON()); err == nil && same {
		return nil
	}

	if err := p.makeRoom(ctx, client); err != nil {
		return err
	}

	_, err = client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: p.arn(), PolicyDocument: aws.String(p.Document.JSON()), SetAsDefault: true,
	})

	return session.Worded(err, "change policy %q", p.Name)
}

// maxVersions is how many versions of a policy IAM keeps.
const maxVersions = 5

// makeRoom deletes the oldest version of a policy that has as many as it may have.
func (p Policy) makeRoom(ctx context.Context, client *iam.Client) error {
	versions, err := p.versions(ctx, client)
	if err != nil || len(versions) < maxVersions {
		return err
	}

	oldest := types.PolicyVersion{}

	for _, version := range versions {
		if !version.IsDefaultVersion && (oldest.CreateDate == nil || version.CreateDate.Before(*oldest.CreateDate)) {
			oldest = version
		}
	}

	_, err = client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: p.arn(), VersionId: oldest.VersionId})

	return session.Worded(err, "delete an old version of policy %q", p.Name)
}

func (p Policy) versions(ctx context.Context, client *iam.Client) ([]types.PolicyVersion, error) {
	answer, err := client.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: p.arn()})
	if err != nil {
		return nil, session.Worded(err, "list the versions of policy %q", p.Name)
	}

	return answer.Versions, nil
}

// get reads a policy and the text that is in force.
func (p Policy) get(ctx context.Context, client *iam.Client) (written, map[string]string, error) {
	live, tags, err := p.head(ctx, client)
	if err != nil {
		return written{}, nil, err
	}

	version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: p.arn(), VersionId: live.DefaultVersionId})
	if err != nil {
		return written{}, nil, session.Worded(err, "read policy %q", p.Name)
	}

	return written{live, aws.ToString(version.PolicyVersion.Document)}, tags, nil
}

// head reads a policy without its text.
func (p Policy) head(ctx context.Context, client *iam.Client) (*types.Policy, map[string]string, error) {
	answer, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: p.arn()})

	switch {
	case session.Is(err, noSuchEntity):
		return nil, nil, fmt.Errorf("policy %q %w", p.Name, backend.ErrNotFound)
	case err != nil:
		return nil, nil, session.Worded(err, "read policy %q", p.Name)
	}

	return answer.Policy, tagMap(answer.Policy.Tags), nil
}

// Observe looks at the policy; it has no facts.
func (p Policy) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	seen, live, err := p.object().Observe(ctx, claim)
	if err != nil {
		return seen, err
	}

	if same, err := policy.Equal(live.text, p.Document.JSON()); err != nil || !same {
		seen.Drift = append(seen.Drift, p.What()+" does not say what it should")
	}

	return seen, nil
}

// Remove deletes the policy, taking it off whoever has it.
func (p Policy) Remove(ctx context.Context, claim part.Claim) error {
	return part.Object[*iam.Client, *types.Policy]{Open: p.Session.IAM, Get: p.head}.Remove(ctx, claim, p.delete)
}

func (p Policy) delete(ctx context.Context, client *iam.Client, live *types.Policy) error {
	if aws.ToInt32(live.AttachmentCount) > 0 {
		if err := p.release(ctx, client); err != nil {
			return err
		}
	}

	if aws.ToString(live.DefaultVersionId) != "v1" { // it was changed, and IAM has kept what it said before
		if err := p.forget(ctx, client); err != nil {
			return err
		}
	}

	_, err := client.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: p.arn()})

	return session.Worded(session.Except(err, noSuchEntity), "delete policy %q", p.Name)
}

func (p Policy) forget(ctx context.Context, client *iam.Client) error {
	versions, err := p.versions(ctx, client)
	if err != nil {
		return err
	}

	for _, version := range versions {
		if version.IsDefaultVersion {
			continue
		}

		_, err := client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: p.arn(), VersionId: version.VersionId})
		if err != nil && !session.Is(err, noSuchEntity) {
			return session.Worded(err, "delete an old version of policy %q", p.Name)
		}
	}

	return nil
}
