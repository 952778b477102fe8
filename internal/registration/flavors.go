package registration

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// noSourceError says that a flavor cannot be registered for want of its class.
type noSourceError struct{ kind, name string }

// Error names the flavor.
func (e *noSourceError) Error() string {
	return fmt.Sprintf("the server does not know the flavor %q of %s, and where its Python class is was not said", e.name, words(e.kind))
}

// makeFlavors registers the custom flavors that the server does not know.
func (w *work) makeFlavors(ctx context.Context) error {
	if len(w.want.flavors) == 0 {
		return nil
	}

	has, err := w.knownFlavors(ctx)
	if err != nil {
		return err
	}

	for _, key := range slices.Sorted(maps.Keys(w.want.flavors)) {
		want := w.want.flavors[key]
		want.Schema = markedSchema(want.Schema)
		there, known := has[key]

		switch {
		case known && there.Schema[markSchema] != ourSchema:
			delete(w.have.flavors, key)

			continue // somebody else's, used as it is
		case known:
			w.have.flavors[key] = there.ID

			if want.Source == "" || there.Source == want.Source && sameConfiguration(there.Schema, want.Schema) {
				continue
			}

			want.ID = there.ID
			_, err = w.client.UpdateFlavor(ctx, want)
		case want.Source == "":
			return &noSourceError{kind: want.Type, name: want.Name}
		default:
			err = w.makeFlavor(ctx, key, want)
		}

		if err != nil {
			return fmt.Errorf("register flavor %q of %s: %w", want.Name, words(want.Type), err)
		}
	}

	return nil
}

func (w *work) makeFlavor(ctx context.Context, key string, want zenserver.Flavor) error {
	made, err := w.client.CreateFlavor(ctx, want)
	if err == nil {
		w.have.flavors[key] = made.ID
	}

	if zenserver.MayBeThere(err) { // made by another registration at the same time
		has, again := w.knownFlavors(ctx)
		if there, ok := has[key]; again == nil && ok {
			w.have.flavors[key] = there.ID

			return nil
		}
	}

	return err
}

func (w *work) knownFlavors(ctx context.Context) (map[string]zenserver.Flavor, error) {
	var names []string

	for _, f := range w.want.flavors {
		names = append(names, f.Name)
	}

	slices.Sort(names)

	found, err := w.client.FlavorsByName(ctx, slices.Compact(names))
	has := map[string]zenserver.Flavor{}

	for _, f := range found {
		has[f.Type+"/"+f.Name] = f
	}

	return has, err
}

// markedSchema is a schema with our mark, in the place that JSON Schema has for remarks.
func markedSchema(schema map[string]any) map[string]any {
	all := maps.Clone(schema)
	if all == nil {
		all = map[string]any{}
	}

	all[markSchema] = ourSchema

	return all
}
