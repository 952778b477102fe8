package registration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// makeComponents registers the components that are missing and changes those that differ.
func (w *work) makeComponents(ctx context.Context) error {
	for _, p := range w.want.parts {
		p.Connector = w.connectors[p.ConnectorName]

		id, err := w.makeComponent(ctx, p)
		if err != nil {
			return err
		}

		w.have.components[p.key()] = id
	}

	return nil
}

func (w *work) makeComponent(ctx context.Context, p part) (string, error) {
	has, ok := w.candidate(p)

	switch {
	case !ok:
		return w.register(ctx, p)
	case has.Flavor != p.Flavor:
		if err := w.setAside(ctx, has); err != nil {
			return "", err
		}

		return w.register(ctx, p)
	default:
		return w.change(ctx, has, p)
	}
}

// candidate is the component that a part was until now: the one of its name, or the one that was in its slot under a name
// that nothing has any more.
func (w *work) candidate(p part) (zenserver.Component, bool) {
	if id, ok := w.have.components[p.key()]; ok {
		has, ok := w.found[id]

		return has, ok
	}

	key, ok := w.former.keys[p.slot]
	if !ok || slices.ContainsFunc(w.want.parts, func(other part) bool { return other.key() == key }) {
		return zenserver.Component{}, false
	}

	has, ok := w.found[w.have.components[key]]
	if !ok || has.Type != p.Type || has.Flavor != p.Flavor {
		return zenserver.Component{}, false // another flavor has another name already
	}

	delete(w.have.components, key)

	return has, true
}

// register makes a component. Where the name is taken, it looks by whom.
func (w *work) register(ctx context.Context, p part) (string, error) {
	for try := 0; ; try++ {
		c := p.Component
		c.Labels = labeled(nil, nil, w.want.labels, map[string]string{markStack: w.want.name})

		made, err := w.client.CreateComponent(ctx, c)
		if err == nil {
			w.found[made.ID] = made

			return made.ID, nil
		}

		if !zenserver.MayBeThere(err) || try > 0 {
			return "", componentError(p, err)
		}

		has, failed := w.named(ctx, p)

		switch {
		case failed != nil:
			return "", failed
		case has.ID == "" && errors.Is(err, zenserver.ErrConflict):
			continue // it is gone again
		case has.ID == "":
			return "", componentError(p, err)
		}

		w.found[has.ID] = has

		if err := w.mayUse(ctx, has, p); err != nil {
			return "", err
		}

		if has.Flavor == p.Flavor {
			return w.change(ctx, has, p)
		}

		if err := w.setAside(ctx, has); err != nil {
			return "", err
		}
	}
}

func (w *work) named(ctx context.Context, p part) (zenserver.Component, error) {
	found, err := w.client.ComponentsByName(ctx, []string{p.Name})
	if err != nil {
		return zenserver.Component{}, err
	}

	for _, c := range found {
		if c.Type == p.Type {
			return c, nil
		}
	}

	return zenserver.Component{}, nil
}

// mayUse says whether a component that is there already can be taken: one that this provider made for another stack is
// shared as it is, and one that a killed run has left is ours.
func (w *work) mayUse(ctx context.Context, has zenserver.Component, p part) error {
	of := marked(has.Labels)

	switch {
	case of == "":
		return &foreignError{
			what: words(p.Type), name: p.Name,
			fix: "Give the component another name, remove that one from the server, or import the stack that it is in.",
		}
	case of == w.want.name, of == w.former.name && w.former.known, differs(has, p.Component) == "":
		return nil
	}

	with, err := w.others(ctx, has.ID)
	if err != nil {
		return err
	}

	where := "no stack" // or not yet: whoever makes it may be at it right now
	if len(with) > 0 {
		where = strings.Join(with, " and ")
	}

	return &foreignError{
		what: words(p.Type), name: p.Name,
		fix: fmt.Sprintf("It was made for stack %q, is in %s, and %s. Give it the same configuration there and here, so that it is shared, or another name here; "+
			"or remove it from the server, if nobody needs it.", of, where, differs(has, p.Component)),
	}
}

// others are the names of the other stacks that a component is in.
func (w *work) others(ctx context.Context, id string) ([]string, error) {
	with, err := w.client.StacksWith(ctx, id)

	var names []string

	for _, s := range with {
		if s.ID != w.have.stack {
			names = append(names, fmt.Sprintf("stack %q", s.Name))
		}
	}

	return names, err
}

// change brings a component to what is wanted, in place.
func (w *work) change(ctx context.Context, has zenserver.Component, p part) (string, error) {
	c := p.Component
	c.ID = has.ID

	marks := map[string]string{}
	if marked(has.Labels) == "" || marked(has.Labels) == w.former.name {
		marks[markStack] = w.want.name
	}

	c.Labels = labeled(has.Labels, w.former.labels, w.want.labels, marks)

	if differs(has, c) == "" && sameLabels(has.Labels, c.Labels) {
		return has.ID, nil
	}

	changed, err := w.client.UpdateComponent(ctx, c)
	if errors.Is(err, zenserver.ErrConflict) {
		return "", &foreignError{what: words(p.Type), name: p.Name, fix: "Give the component another name, or remove that one from the server."}
	}

	if err != nil {
		return "", componentError(p, err)
	}

	w.found[changed.ID] = changed

	return changed.ID, nil
}

// composition is what the stack is to consist of: our components in their order, the default one first, and after them
// those that others have attached.
func (w *work) composition() map[string][]string {
	all := map[string][]string{}
	ours := map[string]bool{}

	for _, p := range w.want.parts {
		id := w.have.components[p.key()]
		all[p.Type] = append(all[p.Type], id)
		ours[id] = true
	}

	if w.stack == nil {
		return all
	}

	former := map[string]bool{}
	for _, id := range w.have.components {
		former[id] = true
	}

	for _, kind := range slices.Sorted(maps.Keys(w.stack.Components)) {
		for _, c := range w.stack.Components[kind] {
			_, leaves := w.leave[c.ID]
			if ours[c.ID] || former[c.ID] || leaves {
				continue
			}

			if len(all[kind]) > 0 && !zenml.Repeatable(kind) {
				w.notices = append(w.notices, fmt.Sprintf("Stack %q had the %s %q, which was attached by somebody else. A stack has one: it is ours now, and that one is "+
					"on the server still.", w.want.name, words(kind), c.Name))

				continue
			}

			all[kind] = append(all[kind], c.ID)
		}
	}

	return all
}

func componentError(p part, err error) error {
	return fmt.Errorf("register %s %q: %w", words(p.Type), p.Name, err)
}

func words(kind string) string { return strings.ReplaceAll(kind, "_", " ") }
