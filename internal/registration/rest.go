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

// artifactStore is the type of ZenML's that every artifact needs.
const artifactStore = "artifact_store"

// leftOver are the components that were registered before and are not wanted any more: what each is, by id.
func (w *work) leftOver() map[string]string {
	kept := map[string]bool{}
	for _, p := range w.want.parts {
		kept[p.key()] = true
	}

	gone := map[string]string{}
	maps.Copy(gone, w.leave)

	for key, id := range w.have.components {
		if !kept[key] {
			gone[id] = key
		}
	}

	return gone
}

// removeRest removes what was registered before and is not wanted any more.
func (w *work) removeRest(ctx context.Context) error {
	if err := w.removeComponents(ctx, w.leftOver()); err != nil {
		return err
	}

	if err := drop(ctx, w.have.connectors, w.want.connectors, w.client.DeleteConnector); err != nil {
		return err
	}

	if err := drop(ctx, w.have.flavors, w.want.flavors, w.client.DeleteFlavor); err != nil {
		return err
	}

	if w.former.known && w.want.secretsVersion != 0 && w.want.secretsVersion == w.former.secretsVersion {
		return nil // the version says that nothing has changed
	}

	return w.dropSecrets(ctx, w.want.secrets)
}

// spareStores leaves artifact stores on the server that runs have artifacts in: without its store an artifact cannot be
// loaded any more. A destroy removes them, with everything else.
func (w *work) spareStores(ctx context.Context) error {
	for id, key := range w.leftOver() {
		kind, _, _ := strings.Cut(key, "/")
		if kind != artifactStore {
			continue
		}

		name := w.found[id].Name

		holds, err := w.client.HasArtifacts(ctx, id)
		if err != nil {
			return fmt.Errorf("find out what is in %s %q: %w", words(kind), name, err)
		}

		if !holds {
			continue
		}

		w.notices = append(w.notices, fmt.Sprintf("The %s %q stays on the server: runs have artifacts in it, which cannot be loaded without it. Once nobody needs them, "+
			"remove it: zenml artifact-store delete %s", words(kind), name, name))

		delete(w.leave, id)
		w.have.forget(id)
	}

	return nil
}

// removeAll removes everything, and the stack first.
func (w *work) removeAll(ctx context.Context) error {
	w.want = wanted{}

	if w.have.stack != "" {
		if err := w.client.DeleteStack(ctx, w.have.stack); err != nil {
			return fmt.Errorf("remove the stack: %w", err)
		}
	}

	w.have.stack = ""

	return w.removeRest(ctx)
}

// removeComponents removes components, by id. One that another stack has, stays, for whoever uses it last to remove.
func (w *work) removeComponents(ctx context.Context, gone map[string]string) error {
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		err := w.client.DeleteComponent(ctx, id)

		if errors.Is(err, zenserver.ErrRefused) {
			kind, name, _ := strings.Cut(gone[id], "/")
			w.notices = append(w.notices, fmt.Sprintf("The %s %q stays on the server: %s", words(kind), name, said(err)))
			err = nil
		}

		if err != nil {
			return fmt.Errorf("remove component %s: %w", gone[id], err)
		}

		w.have.forget(id)
	}

	return nil
}

// said is what the server gave as its reason.
func said(err error) string {
	if answer, ok := errors.AsType[*zenserver.Error](err); ok {
		return answer.Message
	}

	return err.Error()
}

// drop removes objects that are not wanted any more. What somebody uses still, stays with whoever uses it.
func drop[V any](ctx context.Context, have map[string]string, want map[string]V, remove func(context.Context, string) error) error {
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, wanted := want[name]; wanted {
			continue
		}

		if err := remove(ctx, have[name]); err != nil && !errors.Is(err, zenserver.ErrRefused) {
			return fmt.Errorf("remove %s: %w", name, err)
		}

		delete(have, name)
	}

	return nil
}

// dropSecrets removes secrets that are not wanted any more, but for those that components of others refer to: the server
// would not refuse.
func (w *work) dropSecrets(ctx context.Context, want map[string]map[string]string) error {
	var names []string

	for name := range w.have.secrets {
		if _, wanted := want[name]; !wanted {
			names = append(names, name)
		}
	}

	if len(names) == 0 {
		return nil
	}

	referred, err := w.client.SecretReferences(ctx)
	if err != nil {
		return fmt.Errorf("find who uses secrets: %w", err)
	}

	slices.Sort(names)

	for _, name := range names {
		if len(referred[name]) > 0 {
			w.notices = append(w.notices, fmt.Sprintf("The secret %q stays on the server: the component %q refers to it.", name, referred[name][0]))
		} else if err := w.client.DeleteSecret(ctx, w.have.secrets[name]); err != nil {
			return fmt.Errorf("remove secret %q: %w", name, err)
		}

		delete(w.have.secrets, name)
	}

	return nil
}
