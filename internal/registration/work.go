package registration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// work brings a server to what is wanted. What it has made is in have at every moment, so that it can be saved.
type work struct {
	client *zenserver.Client
	want   wanted
	have   owned
	// former is what the state knows of the stack: name, parts by slots, labels.
	former former
	// notices are what the user should know of an operation that succeeded.
	notices []string

	// imported says that the stack was imported since the last apply: what it consists of may be somebody else's.
	imported bool
	// stack is the registered one; nil where there is none yet.
	stack *zenserver.Stack
	// found are the components that are known already, by id.
	found map[string]zenserver.Component
	// connectors are ids by names, of all that components name.
	connectors map[string]string
	// leave are the components that belong to the stack no longer, by id.
	leave map[string]string
}

// former is what was registered before.
type former struct {
	name           string
	keys           map[string]string
	labels         map[string]string
	secretsVersion int64
	connectors     map[string]connector
	// known says that there was something.
	known bool
}

// foreignError says that a name is taken by somebody else's object.
type foreignError struct {
	what, name string
	// stack says that it is a stack, which can be imported.
	stack bool
	fix   string
}

// Error says what is taken.
func (e *foreignError) Error() string {
	return fmt.Sprintf("%s %q is on the server already, and was not made by this registration", e.what, e.name)
}

// Unwrap returns the class.
func (e *foreignError) Unwrap() error { return flavor.ErrNotOurs }

// converge makes and changes everything, the stack last, and then removes what is left over.
func (w *work) converge(ctx context.Context) error {
	w.found, w.connectors, w.leave = map[string]zenserver.Component{}, map[string]string{}, map[string]string{}

	for _, step := range []func(context.Context) error{
		w.greet, w.findStack, w.findComponents, w.makeFlavors, w.makeSecrets, w.checkSecrets, w.makeConnectors, w.makeComponents,
		w.makeStack, w.spareStores, w.removeRest,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}

	return nil
}

// greet makes sure that this is a ZenML server, and says when it is another version.
func (w *work) greet(ctx context.Context) error {
	_, err := w.client.Info(ctx)

	if other, ok := errors.AsType[*zenserver.VersionError](err); ok {
		w.notices = append(w.notices, fmt.Sprintf("The server at %s is ZenML %s. This provider was made for %s: what both know works, and whatever the server "+
			"does not take is an error of its own.", other.URL, other.Version, other.Wanted))

		return nil
	}

	return err
}

// findStack finds the stack by its id, or one of this name that a killed run has left.
func (w *work) findStack(ctx context.Context) error {
	if w.have.stack != "" {
		found, err := w.client.Stack(ctx, w.have.stack)

		switch {
		case err == nil:
			w.stack = &found

			return nil
		case !errors.Is(err, backend.ErrNotFound):
			return err
		}

		w.have.stack = ""
	}

	found, ok, err := w.client.StackByName(ctx, w.want.name)
	if err != nil || !ok {
		return err
	}

	if !w.left(found) {
		return &foreignError{what: "stack", name: w.want.name, stack: true}
	}

	w.stack, w.have.stack = &found, found.ID
	w.notices = append(w.notices, fmt.Sprintf("Stack %q was on the server already, with the marks of this provider, as a run leaves it that was killed. "+
		"It was taken over.", w.want.name))

	return nil
}

// left says that a stack was left by a run of this registration, and is in nobody's state.
func (w *work) left(found zenserver.Stack) bool {
	of := marked(found.Labels)
	if of == "" || of != w.want.name && of != w.former.name {
		return false
	}

	return found.Labels[markUnfinished] != nil || text(found.Labels[markIncarnation]) == w.have.incarnation
}

// findComponents finds those that are registered, and those that are in the stack.
func (w *work) findComponents(ctx context.Context) error {
	ids := map[string]bool{}

	for _, id := range w.have.components {
		ids[id] = true
	}

	if w.stack != nil {
		for _, components := range w.stack.Components {
			for _, c := range components {
				ids[c.ID] = true
			}
		}
	}

	found, err := w.client.ComponentsByID(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}

	for _, c := range found {
		w.found[c.ID] = c

		if of := marked(c.Labels); of == w.want.name || of != "" && of == w.former.name || of == "" && w.imported && w.names(c) {
			w.adopt(c)
		}
	}

	for key, id := range w.have.components {
		if _, ok := w.found[id]; !ok {
			delete(w.have.components, key)
		}
	}

	return nil
}

// names says that the configuration has a component of this type, name and flavor.
func (w *work) names(c zenserver.Component) bool {
	return slices.ContainsFunc(w.want.parts, func(p part) bool { return p.key() == keyOf(c) && p.Flavor == c.Flavor })
}

// adopt takes a component for ours that has our mark and that the state does not know.
func (w *work) adopt(c zenserver.Component) {
	if slices.Contains(slices.Collect(maps.Values(w.have.components)), c.ID) {
		return
	}

	if _, taken := w.have.components[keyOf(c)]; !taken {
		w.have.components[keyOf(c)] = c.ID
	} else {
		w.leave[c.ID] = keyOf(c)
	}
}

// makeStack registers the stack, or brings it to what is wanted.
func (w *work) makeStack(ctx context.Context) error {
	marks := map[string]string{markStack: w.want.name, markIncarnation: w.have.incarnation}
	components := w.composition()

	if w.stack == nil {
		unfinished := labeled(nil, nil, w.want.labels, marks)
		unfinished[markUnfinished] = "true"

		made, err := w.registerStack(ctx, components, unfinished)
		if err != nil {
			return err
		}

		w.stack, w.have.stack = &made, made.ID
	}

	labels := labeled(w.stack.Labels, w.former.labels, w.want.labels, marks)
	delete(labels, markUnfinished)

	if w.stack.Name == w.want.name && sameLabels(labels, w.stack.Labels) && sameComposition(w.stack.Components, components) {
		return nil
	}

	changed, err := w.client.UpdateStack(ctx, w.stack.ID, w.want.name, components, labels)
	if errors.Is(err, zenserver.ErrConflict) {
		return &foreignError{what: "stack", name: w.want.name, stack: true}
	}

	if err == nil {
		w.stack = &changed
	}

	return err
}

// registerStack makes the stack. Where the name is taken, it may be by this very run, whose answer was lost.
func (w *work) registerStack(ctx context.Context, components map[string][]string, labels map[string]any) (zenserver.Stack, error) {
	made, err := w.client.CreateStack(ctx, w.want.name, components, labels)
	if err == nil || !zenserver.MayBeThere(err) {
		return made, err
	}

	found, ok, failed := w.client.StackByName(ctx, w.want.name)

	switch {
	case failed != nil:
		return made, failed
	case ok && text(found.Labels[markIncarnation]) == w.have.incarnation:
		return found, nil
	case errors.Is(err, zenserver.ErrConflict):
		return made, &foreignError{what: "stack", name: w.want.name, stack: true}
	default:
		return made, err
	}
}

func sameComposition(has map[string][]zenserver.Component, want map[string][]string) bool {
	ids := map[string][]string{}

	for kind, components := range has {
		for _, c := range components {
			ids[kind] = append(ids[kind], c.ID)
		}
	}

	return maps.EqualFunc(ids, want, slices.Equal)
}
