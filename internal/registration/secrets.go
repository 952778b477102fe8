package registration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// makeSecrets makes the secrets that are missing, and hands over changed values where the version says that they changed.
func (w *work) makeSecrets(ctx context.Context) error {
	there := map[string]bool{}

	if len(w.have.secrets) > 0 {
		found, err := w.client.SecretsByID(ctx, slices.Collect(maps.Values(w.have.secrets)))
		if err != nil {
			return err
		}

		for _, s := range found {
			there[s.ID] = true
		}
	}

	fresh := !w.former.known || w.want.secretsVersion != w.former.secretsVersion

	for _, name := range slices.Sorted(maps.Keys(w.want.secrets)) {
		values := w.want.secrets[name]
		id := w.have.secrets[name]

		var err error

		switch {
		case id == "" && !fresh:
			continue // the version says that nothing has changed
		case id == "" || !there[id]:
			id, err = w.makeSecret(ctx, name, values)
		case fresh:
			_, err = w.client.UpdateSecret(ctx, id, values)
		}

		if err != nil {
			return fmt.Errorf("make secret %q: %w", name, err)
		}

		w.have.secrets[name] = id
	}

	return nil
}

// makeSecret makes a secret. Secrets have no labels: one that is there already with the same values is the one that a
// killed run has made, or another registration with the same secrets.
func (w *work) makeSecret(ctx context.Context, name string, values map[string]string) (string, error) {
	made, err := w.client.CreateSecret(ctx, name, values)
	if !zenserver.MayBeThere(err) {
		return made.ID, err
	}

	reason := err

	foreign := &foreignError{
		what: "secret", name: name,
		fix: "Its values are other ones. Leave it out of secrets_wo to use it as it is, or give yours another name.",
	}

	found, err := w.client.SecretsByName(ctx, []string{name})
	if err != nil {
		return "", err
	}

	switch {
	case len(found) == 0 && errors.Is(reason, zenserver.ErrConflict):
		return "", foreign // a private one of somebody
	case len(found) == 0:
		return "", reason
	}

	for _, one := range found { // somebody may have a private one beside it
		whole, err := w.client.Secret(ctx, one.ID)
		if err != nil {
			return "", err
		}

		if maps.Equal(whole.Values, values) {
			w.notices = append(w.notices, fmt.Sprintf("The secret %q was on the server already, with the same values. It is this registration's now, and goes with it; "+
				"leave it out of secrets_wo if it is to stay.", name))

			return whole.ID, nil
		}
	}

	return "", foreign
}
