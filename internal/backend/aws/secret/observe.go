package secret

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Found is what a secret is like: the facts that Observe gives.
type Found struct {
	// KMSKey encrypts the value; empty: the account's own key for secrets.
	KMSKey string
}

// found is a secret as AWS describes it, without its value.
type found struct {
	*secretsmanager.DescribeSecretOutput

	tags map[string]string
}

// key is the one that encrypts the value; empty for the account's own.
func (f found) key() string {
	key := aws.ToString(f.KmsKeyId)
	if key == defaultKey || strings.HasSuffix(key, ":"+defaultKey) {
		return ""
	}

	return key
}

// get describes the secret; one that is scheduled for deletion, too.
func (s Secret) get(ctx context.Context, client *secretsmanager.Client) (found, error) {
	answer, err := client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: aws.String(s.Name)})

	switch {
	case session.Is(err, notFound):
		return found{}, fmt.Errorf("%s %w", s.What(), backend.ErrNotFound)
	case err != nil:
		return found{}, session.Worded(err, "read secret %q", s.Name)
	}

	return found{answer, session.TagMap(answer.Tags, func(tag types.Tag) (key, value *string) { return tag.Key, tag.Value })}, nil
}

const notFound = "ResourceNotFoundException"

// Observe looks at the secret, and not at its value; the facts are a Found.
func (s Secret) Observe(ctx context.Context, claim part.Claim) (part.Seen, error) {
	client, err := s.Session.SecretsManager(ctx)
	if err != nil {
		return part.Seen{}, err
	}

	live, err := s.get(ctx, client)
	if err != nil {
		return part.Seen{}, err
	}

	if live.DeletedDate != nil {
		return part.Seen{}, fmt.Errorf("%s is scheduled for deletion: it %w", s.What(), backend.ErrNotFound)
	}

	if err := claim.Check(s.What(), live.tags); err != nil {
		return part.Seen{}, err
	}

	return part.Seen{Tags: live.tags, Facts: Found{live.key()}, Drift: session.Differences(live.tags, s.Session.Tags(claim.Owner))}, nil
}

// Remove deletes the secret: for good, or so that it can be restored for a while.
func (s Secret) Remove(ctx context.Context, claim part.Claim) error {
	client, err := s.Session.SecretsManager(ctx)
	if err != nil {
		return err
	}

	live, err := s.get(ctx, client)
	if ours, err := claim.Mine(live.tags, err); !ours || live.DeletedDate != nil && s.RecoveryDays > 0 {
		return err
	}

	in := &secretsmanager.DeleteSecretInput{SecretId: aws.String(s.Name)}
	if s.RecoveryDays > 0 {
		in.RecoveryWindowInDays = aws.Int64(s.RecoveryDays)
	} else {
		in.ForceDeleteWithoutRecovery = aws.Bool(true)
	}

	_, err = client.DeleteSecret(ctx, in)

	return session.Worded(session.Except(err, notFound), "delete secret %q", s.Name)
}

func (s Secret) retag(ctx context.Context, client *secretsmanager.Client, claim part.Claim, found, wanted map[string]string) error {
	return claim.Retag(s.What(), found, wanted, func(tags map[string]string) error {
		_, err := client.TagResource(ctx, &secretsmanager.TagResourceInput{SecretId: aws.String(s.Name), Tags: tagList(tags)})

		return err
	}, func(keys []string) error {
		_, err := client.UntagResource(ctx, &secretsmanager.UntagResourceInput{SecretId: aws.String(s.Name), TagKeys: keys})

		return err
	})
}

func tagList(tags map[string]string) []types.Tag {
	return session.TagList(tags, func(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} })
}
