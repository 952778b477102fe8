package registration

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// look is a look at what is registered.
type look struct {
	client *zenserver.Client
	have   owned
	want   wanted
	name   string
	drift  []string
}

func (l *look) differs(format string, args ...any) {
	l.drift = append(l.drift, fmt.Sprintf(format, args...))
}

// first finds a stack that was just imported, by its id or its name.
func (l *look) first(ctx context.Context) error {
	var (
		found zenserver.Stack
		err   error
	)

	if uuid.MatchString(l.have.stack) {
		found, err = l.client.Stack(ctx, l.have.stack)
	} else {
		var ok bool

		if found, ok, err = l.client.StackByName(ctx, l.have.stack); err == nil && !ok {
			err = gone("stack", l.have.stack)
		}
	}

	if err != nil {
		return err
	}

	l.have, l.name = newOwned(), found.Name
	l.have.stack = found.ID

	for _, components := range found.Components {
		for _, c := range components {
			if marked(c.Labels) != "" { // the others are not ours before the configuration names them
				l.have.components[keyOf(c)] = c.ID
			}
		}
	}

	return nil
}

// again looks at the stack and what belongs to it. It is gone when nothing is left, or when somebody else has it.
func (l *look) again(ctx context.Context) error {
	stack, err := l.client.Stack(ctx, l.have.stack)

	switch {
	case err == nil:
	case isGone(err) || l.have.stack == "":
		l.differs("stack %q is gone", l.want.name)
	default:
		return err
	}

	if of := text(stack.Labels[markIncarnation]); of != "" && l.have.incarnation != "" && of != l.have.incarnation {
		return gone("stack", l.want.name)
	}

	left, err := l.components(ctx, stack)
	if err != nil {
		return err
	}

	if stack.ID == "" && left == 0 {
		return gone("stack", l.want.name)
	}

	if stack.ID != "" {
		l.stack(stack)
	}

	for _, step := range []func(context.Context) error{l.connectors, l.flavors, l.secrets} {
		if err := step(ctx); err != nil {
			return err
		}
	}

	return nil
}

func (l *look) components(ctx context.Context, stack zenserver.Stack) (left int, err error) {
	found, err := l.client.ComponentsByID(ctx, slices.Sorted(maps.Values(l.have.components)))
	if err != nil {
		return 0, err
	}

	has := map[string]zenserver.Component{}
	for _, c := range found {
		has[c.ID] = c
	}

	in := map[string]bool{}

	for _, components := range stack.Components {
		for _, c := range components {
			in[c.ID] = true
		}
	}

	for _, p := range l.want.parts {
		c, ok := has[l.have.components[p.key()]]

		switch {
		case !ok:
			l.differs("%s %q is gone", words(p.Type), p.Name)

			continue
		case stack.ID != "" && !in[c.ID]:
			l.differs("%s %q is not in the stack", words(p.Type), p.Name)
		}

		if what := differs(c, p.Component); what != "" {
			l.differs("%s %q %s", words(p.Type), p.Name, what)
		}

		if !sameLabels(labeled(c.Labels, nil, l.want.labels, nil), c.Labels) {
			l.differs("%s %q has other labels", words(p.Type), p.Name)
		}
	}

	return len(found), nil
}

// stack compares what of the stack is ours: its name, its labels, and the order of its components.
func (l *look) stack(has zenserver.Stack) {
	if has.Name != l.want.name {
		l.differs("the stack is called %q", has.Name)
	}

	marks := map[string]string{markStack: l.want.name, markIncarnation: l.have.incarnation}
	if !sameLabels(labeled(has.Labels, nil, l.want.labels, marks), has.Labels) {
		l.differs("the stack has other labels")
	}

	order := map[string][]string{}

	for _, p := range l.want.parts {
		order[p.Type] = append(order[p.Type], l.have.components[p.key()])
	}

	for _, kind := range slices.Sorted(maps.Keys(order)) {
		var ours []string

		for _, c := range has.Components[kind] {
			if slices.Contains(order[kind], c.ID) {
				ours = append(ours, c.ID)
			}
		}

		if len(ours) == len(order[kind]) && !slices.Equal(ours, order[kind]) {
			l.differs("components of the type %s stand in another order", words(kind))
		}
	}
}

func (l *look) connectors(ctx context.Context) error {
	if len(l.have.connectors) == 0 {
		return nil
	}

	found, err := l.client.ConnectorsByID(ctx, slices.Sorted(maps.Values(l.have.connectors)))
	if err != nil {
		return err
	}

	has := map[string]zenserver.Connector{}
	for _, c := range found {
		has[c.ID] = c
	}

	for _, name := range slices.Sorted(maps.Keys(l.have.connectors)) {
		c, ok := has[l.have.connectors[name]]

		switch {
		case !ok:
			l.differs("service connector %q is gone", name)
		case c.Labels[markStack] == l.want.name && !sameConnector(c, l.want.connectors[name]):
			l.differs("service connector %q is configured otherwise", name)
		}
	}

	return nil
}

func (l *look) flavors(ctx context.Context) error {
	return missing(ctx, l, "flavor %s is gone", l.have.flavors, l.client.FlavorsByID, func(f zenserver.Flavor) string { return f.ID })
}

func (l *look) secrets(ctx context.Context) error {
	return missing(ctx, l, "secret %q is gone", l.have.secrets, l.client.SecretsByID, func(s zenserver.Secret) string { return s.ID })
}

// missing says which of our objects are gone; have are their ids by what to call them.
func missing[T any](
	ctx context.Context, l *look, says string, have map[string]string, find func(context.Context, []string) ([]T, error), id func(T) string,
) error {
	if len(have) == 0 {
		return nil
	}

	found, err := find(ctx, slices.Sorted(maps.Values(have)))
	if err != nil {
		return err
	}

	for _, name := range slices.Sorted(maps.Keys(have)) {
		if !slices.ContainsFunc(found, func(one T) bool { return id(one) == have[name] }) {
			l.differs(says, name)
		}
	}

	return nil
}
