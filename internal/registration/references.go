package registration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
)

// missingSecretsError says which secrets that components refer to nobody holds, and which lack a key.
type missingSecretsError struct {
	names   []string
	lacking []lackingSecret
}

// lackingSecret is a secret that the server holds without keys that components refer to.
type lackingSecret struct {
	name      string
	keys, has []string
}

// Error names them. Values of secrets are left out; keys are none.
func (e *missingSecretsError) Error() string {
	var says []string

	if len(e.names) > 0 {
		says = append(says, "components refer to secrets that the server does not hold: "+strings.Join(e.names, ", "))
	}

	for _, s := range e.lacking {
		says = append(says, fmt.Sprintf("components refer to keys that the secret %q on the server lacks: %s; it has %s", s.name,
			strings.Join(s.keys, ", "), strings.Join(s.has, ", ")))
	}

	return strings.Join(says, "; and ")
}

// fix says what to do about all of them.
func (e *missingSecretsError) fix() string {
	var fixes []string

	if len(e.names) > 0 {
		fixes = append(fixes, diagnose.MissingSecrets(e.names))
	}

	for _, s := range e.lacking {
		fixes = append(fixes, fmt.Sprintf("Add what %q lacks on the server: zenml secret update %s --%s=… Or refer to a key that it has, or to a secret of another "+
			"name that secrets_wo gives.", s.name, s.name, strings.Join(s.keys, "=… --")))
	}

	return strings.Join(fixes, " ")
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
		case !given && !held:
			elsewhere = append(elsewhere, reference)
		}
	}

	absent, lacking, err := w.lookUp(ctx, elsewhere)
	if err != nil {
		return err
	}

	if missing = append(missing, absent...); len(missing)+len(lacking) > 0 {
		return &missingSecretsError{names: missing, lacking: lacking}
	}

	return nil
}

// lookUp finds secrets that were not made here. Those that are absent are said by reference, and the others without the keys
// that are referred to.
func (w *work) lookUp(ctx context.Context, references []string) (absent []string, lacking []lackingSecret, err error) {
	keys := map[string][]string{}

	for _, reference := range references {
		name, key, keyed := strings.Cut(reference, ".")

		keys[name] = append(keys[name], key)
		if !keyed {
			keys[name] = keys[name][:len(keys[name])-1] // it is taken whole
		}
	}

	if len(keys) == 0 {
		return nil, nil, nil
	}

	found, err := w.client.SecretsByName(ctx, slices.Sorted(maps.Keys(keys)))
	if err != nil {
		return nil, nil, err
	}

	ids := map[string][]string{}
	for _, s := range found {
		ids[s.Name] = append(ids[s.Name], s.ID)
	}

	for _, reference := range references {
		if name, _, _ := strings.Cut(reference, "."); len(ids[name]) == 0 {
			absent = append(absent, reference)
		}
	}

	for _, name := range slices.Sorted(maps.Keys(ids)) {
		if len(keys[name]) == 0 {
			continue
		}

		has, err := w.keysOf(ctx, ids[name])
		if err != nil {
			return nil, nil, err
		}

		lacks := slices.DeleteFunc(keys[name], func(key string) bool { return slices.Contains(has, key) })
		if len(has) > 0 && len(lacks) > 0 {
			lacking = append(lacking, lackingSecret{name: name, keys: lacks, has: has})
		}
	}

	return absent, lacking, nil
}

// keysOf are the keys of secrets of one name: somebody may have a private one beside one for everybody. None are told where
// the server shows them not all.
func (w *work) keysOf(ctx context.Context, ids []string) ([]string, error) {
	var keys []string

	for _, id := range ids {
		whole, err := w.client.Secret(ctx, id)

		switch {
		case errors.Is(err, zenserver.ErrForbidden), errors.Is(err, zenserver.ErrRefused), isGone(err):
			return nil, nil
		case err != nil:
			return nil, err
		case len(whole.Values) == 0:
			return nil, nil // the server keeps the values from whoever may not read them
		}

		keys = slices.AppendSeq(keys, maps.Keys(whole.Values))
	}

	slices.Sort(keys)

	return slices.Compact(keys), nil
}
