package registration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

	whole, err := w.client.Secret(ctx, found[0].ID)
	if err != nil {
		return "", err
	}

	if !maps.Equal(whole.Values, values) {
		return "", foreign
	}

	return whole.ID, nil
}

// missingSecretsError names secrets that components refer to and nobody holds.
type missingSecretsError struct{ names []string }

// Error names them.
func (e *missingSecretsError) Error() string {
	return "components refer to secrets that the server does not hold: " + strings.Join(e.names, ", ")
}

// checkSecrets makes sure that whatever components refer to is given or held by the server.
func (w *work) checkSecrets(ctx context.Context) error {
	var elsewhere, missing []string

	for _, reference := range w.want.required {
		name, key, _ := strings.Cut(reference, ".")
		values := w.want.secrets[name]
		_, held := w.have.secrets[name]
		given := held && values != nil

		switch _, there := values[key]; {
		case given && key != "" && !there:
			missing = append(missing, reference)
		case !given && !held && !slices.Contains(elsewhere, name):
			elsewhere = append(elsewhere, name)
		}
	}

	if len(elsewhere) > 0 {
		found, err := w.client.SecretsByName(ctx, elsewhere)
		if err != nil {
			return err
		}

		for _, reference := range w.want.required {
			name, _, _ := strings.Cut(reference, ".")
			if slices.Contains(elsewhere, name) && !slices.ContainsFunc(found, func(s zenserver.Secret) bool { return s.Name == name }) {
				missing = append(missing, reference)
			}
		}
	}

	if len(missing) > 0 {
		return &missingSecretsError{names: missing}
	}

	return nil
}
