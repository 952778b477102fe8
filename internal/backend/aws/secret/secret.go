// Package secret keeps secrets in Secrets Manager.
package secret

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/part"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/session"
)

// Secret is a secret as a component wants it. Its value is written and never read.
type Secret struct {
	Session *session.Session
	Name    string
	// Value is what is to be written; nil where it is not at hand, and what is there stays.
	Value *string
	// Version is the user's own number of the value: one that was written under the same number is not written again.
	Version string
	// KMSKey encrypts the value; empty: the account's own key for secrets.
	KMSKey string
	// RecoveryDays is for how long a deleted secret can be restored, 7 to 30; 0: not at all.
	RecoveryDays int64
}

var _ part.Part = Secret{}

// tagVersion says under which number of the user's the value was written.
const tagVersion = "mlstacks:secret-version"

// What names the secret.
func (s Secret) What() string { return fmt.Sprintf("secret %q", s.Name) }

// Ensure makes the secret, or brings it to what is wanted. One of the component's own that is scheduled for deletion is
// restored.
func (s Secret) Ensure(ctx context.Context, claim part.Claim) (part.Made, error) {
	client, err := s.Session.SecretsManager(ctx)
	if err != nil {
		return part.Made{}, err
	}

	wanted := s.Session.Tags(claim.Marks())
	if s.Version != "" {
		wanted[tagVersion] = s.Version
	}

	if claim.Known {
		if made, err := s.change(ctx, client, claim, wanted); !errors.Is(err, backend.ErrNotFound) {
			return made, err
		}
	}

	made, err := s.create(ctx, client, wanted)
	if err != nil || made.Exists {
		return made, err
	}

	return s.change(ctx, client, claim, wanted)
}

// create makes the secret; nothing exists that is the component's where the name is taken.
func (s Secret) create(ctx context.Context, client *secretsmanager.Client, wanted map[string]string) (part.Made, error) {
	if s.Value == nil {
		return part.Made{}, fmt.Errorf("%s is not there, and its value is not at hand: give it again, or take its name out", s.What())
	}

	in := &secretsmanager.CreateSecretInput{Name: aws.String(s.Name), SecretString: s.Value, Tags: tagList(wanted)}
	if s.KMSKey != "" {
		in.KmsKeyId = aws.String(s.KMSKey)
	}

	err := session.Settled(ctx, s.isLeaving(ctx, client), func() error {
		in.ClientRequestToken = nil // each attempt is one of its own

		_, err := client.CreateSecret(ctx, in)

		return err
	})

	switch {
	case session.Is(err, "ResourceExistsException"), isScheduled(err):
		return part.Made{}, nil
	case err != nil:
		return part.Made{}, session.Worded(err, "create secret %q", s.Name)
	}

	return part.Made{Exists: true}, nil
}

// isScheduled says that the name is taken by a secret that can be restored.
func isScheduled(err error) bool {
	return session.Is(err, "InvalidRequestException") && session.Says(err, "scheduled for deletion")
}

// isLeaving says that the name is taken by a secret that was deleted for good: for a while AWS says of it, too, that it is
// scheduled.
func (s Secret) isLeaving(ctx context.Context, client *secretsmanager.Client) func(error) bool {
	return func(err error) bool {
		if !isScheduled(err) {
			return false
		}

		_, err = s.get(ctx, client)

		return errors.Is(err, backend.ErrNotFound)
	}
}

// change brings a secret that exists to what is wanted.
func (s Secret) change(ctx context.Context, client *secretsmanager.Client, claim part.Claim, wanted map[string]string) (part.Made, error) {
	live, err := s.get(ctx, client)
	if err != nil {
		return part.Made{}, err
	}

	if live.DeletedDate != nil {
		// What was deleted is of no making any more: the next one of the same name may have it.
		claim.Incarnation, claim.Known = "", false
	}

	if err := claim.Check(s.What(), live.tags); err != nil {
		return part.Made{}, s.leaving(live, err)
	}

	made := part.Made{Exists: true}

	if live.DeletedDate != nil {
		if _, err := client.RestoreSecret(ctx, &secretsmanager.RestoreSecretInput{SecretId: aws.String(s.Name)}); err != nil {
			return made, session.Worded(err, "restore secret %q", s.Name)
		}
	}

	if live.key() != s.KMSKey {
		if err := s.encrypt(ctx, client); err != nil {
			return made, err
		}
	}

	// The number of what is taken over says nothing: it may have been written under another value.
	if s.Value != nil && (!claim.Known || live.DeletedDate != nil || live.tags[tagVersion] != s.Version) {
		_, err := client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: aws.String(s.Name), SecretString: s.Value})
		if err != nil {
			return made, session.Worded(err, "write secret %q", s.Name)
		}
	}

	if s.Value == nil { // what is there stays, and with it the number that it was written under
		delete(wanted, tagVersion)
	}

	// The number is the last to be written, so that a run that was killed before writes the value again.
	return made, s.retag(ctx, client, claim, live.tags, wanted)
}

// leaving says of somebody else's secret when its name will be free.
func (s Secret) leaving(live found, err error) error {
	if live.DeletedDate == nil {
		return err
	}

	return fmt.Errorf("%w; it was deleted on %s and can be restored until its recovery window has passed, which keeps the name", err,
		live.DeletedDate.Format("2006-01-02"))
}

// defaultKey is the name of the account's own key for secrets.
const defaultKey = "alias/aws/secretsmanager"

func (s Secret) encrypt(ctx context.Context, client *secretsmanager.Client) error {
	key := s.KMSKey
	if key == "" {
		key = defaultKey
	}

	_, err := client.UpdateSecret(ctx, &secretsmanager.UpdateSecretInput{SecretId: aws.String(s.Name), KmsKeyId: aws.String(key)})

	return session.Worded(err, "set the key of secret %q", s.Name)
}
