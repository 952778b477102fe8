package secret

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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

	tags := make(map[string]string, len(answer.Tags))
	for _, tag := range answer.Tags {
		tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
	}

	return found{answer, tags}, nil
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

	switch {
	case errors.Is(err, backend.ErrNotFound):
		return nil
	case err != nil:
		return err
	case !claim.Owns(live.tags), live.DeletedDate != nil && s.RecoveryDays > 0:
		return nil
	}

	in := &secretsmanager.DeleteSecretInput{SecretId: aws.String(s.Name)}
	if s.RecoveryDays > 0 {
		in.RecoveryWindowInDays = aws.Int64(s.RecoveryDays)
	} else {
		in.ForceDeleteWithoutRecovery = aws.Bool(true)
	}

	_, err = client.DeleteSecret(ctx, in)
	if session.Is(err, notFound) {
		return nil
	}

	return session.Worded(err, "delete secret %q", s.Name)
}

func (s Secret) retag(ctx context.Context, client *secretsmanager.Client, has, merged map[string]string) error {
	if gone := session.Gone(has, merged); len(gone) > 0 {
		if _, err := client.UntagResource(ctx, &secretsmanager.UntagResourceInput{SecretId: aws.String(s.Name), TagKeys: gone}); err != nil {
			return session.Worded(err, "untag secret %q", s.Name)
		}
	}

	changed := maps.Clone(merged)
	maps.DeleteFunc(changed, func(key, value string) bool {
		old, ok := has[key]

		return ok && old == value
	})

	if len(changed) == 0 {
		return nil
	}

	_, err := client.TagResource(ctx, &secretsmanager.TagResourceInput{SecretId: aws.String(s.Name), Tags: tagList(changed)})

	return session.Worded(err, "tag secret %q", s.Name)
}

func tagList(tags map[string]string) []types.Tag {
	list := make([]types.Tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, types.Tag{Key: aws.String(key), Value: aws.String(tags[key])})
	}

	return list
}
