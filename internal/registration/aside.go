package registration

import (
	"context"
	"fmt"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// setAside gives a component another name, so that one of another flavor can have its own: ZenML changes no flavors. It is
// removed when the stack has the new one.
func (w *work) setAside(ctx context.Context, has zenserver.Component) error {
	with, err := w.client.StacksWith(ctx, has.ID)
	if err != nil {
		return err
	}

	for _, s := range with {
		if s.ID != w.have.stack && marked(s.Labels) == "" {
			return &foreignError{
				what: words(has.Type), name: has.Name,
				fix: fmt.Sprintf("It has the flavor %q, and stack %q uses it. Give the component of the other flavor another name.", has.Flavor, s.Name),
			}
		}
	}

	w.leave[has.ID] = keyOf(has)

	w.have.forget(has.ID)

	aside := has
	aside.Name = asideName(has)

	if has.Name == aside.Name {
		return nil
	}

	changed, err := w.client.UpdateComponent(ctx, aside)
	if err == nil {
		w.found[has.ID] = changed
		w.have.components[keyOf(changed)] = has.ID // so that it is known, whatever happens next
	}

	return err
}

// asideName is the name of a component that waits to be removed.
func asideName(c zenserver.Component) string {
	suffix := "-replaced-" + c.ID[:min(8, len(c.ID))]

	return strings.TrimSuffix(c.Name, suffix) + suffix
}
