package stack

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Loose are components that somebody handed over without a schema: a whole stack, a part of one, or just some components.
// It is judged and written as a stack of them would be.
type Loose struct {
	Whole

	waits bool
}

// Known says that nothing is left to apply that could change what is said of the components. Other than in a Whole, a
// component at fault is known: that it is one is all there is to say.
func (l Loose) Known() bool { return !l.waits && !zenml.IsUnknown(l.content.name) }

// Rename gives the stack a name, a text or zenml.Unknown, in the place of its own.
func (l *Loose) Rename(name any) { l.content.name = name }

// ReadLoose reads plain values (see flavor.Plain) in one of three shapes: a list of components, whose types say which slot
// each takes; an object with the attributes of mlstacks_stack, such as one itself; or an object of components under keys
// of the user's own. Nulls are left out. The kinds and candidates are those of the catalog. An error is a
// diagnose.ArgumentError, and says what to give.
func ReadLoose(kinds []flavor.Kind, candidates func() []compose.Candidate, value any) (Loose, error) {
	l := Loose{Whole: Whole{resource: Resource{kinds: kinds, candidates: candidates}}}
	err := l.read(value)

	return l, err
}

func (l *Loose) read(value any) error {
	switch value := value.(type) {
	case zenml.Unknown:
		l.waits = true

		return nil
	case []any:
		return l.addAll(value, func(i int) string { return "element " + strconv.Itoa(i) })
	case map[string]any:
		return l.readObject(value)
	case nil:
		return diagnose.NoComponents("null holds no components")
	default:
		return diagnose.NoComponents(fmt.Sprintf("%v holds no components", value))
	}
}

// readObject tells an object by slots from one by names of the user's own.
func (l *Loose) readObject(object map[string]any) error {
	known := l.resource.attributes()
	keys := slices.Sorted(maps.Keys(object))

	if isComponent(object) {
		return diagnose.NoComponents(fmt.Sprintf("this is a single component, of type %v", object["type"]))
	}

	if !slices.ContainsFunc(keys, func(key string) bool { return slices.Contains(known, key) }) {
		values := make([]any, 0, len(keys))
		for _, key := range keys {
			values = append(values, object[key])
		}

		return l.addAll(values, func(i int) string { return strconv.Quote(keys[i]) })
	}

	for _, key := range keys {
		if !slices.Contains(known, key) {
			return diagnose.NoSlot(key, known)
		}
	}

	if err := l.readSettings(object); err != nil {
		return err
	}

	for _, kind := range l.resource.kinds {
		if err := l.fill(kind, kind.Name, object[kind.Name]); err != nil {
			return err
		}

		if err := l.fillMore(kind, object[additional(kind.Name)]); err != nil {
			return err
		}
	}

	return nil
}

// readSettings reads what a stack has beside its slots.
func (l *Loose) readSettings(object map[string]any) error {
	l.content.name, l.content.target = object["name"], object["target"]

	if target, ok := object["target"].(string); ok && !slices.Contains(compose.Targets(), target) {
		return diagnose.NotListed("target", target, compose.Targets())
	}

	switch object["waive"].(type) {
	case nil, []any, zenml.Unknown:
	default:
		return &diagnose.ArgumentError{What: "waive is no list", Fix: `Give the ids of rules: waive = ["image-builder-defaulted"].`}
	}

	l.content.waive, l.content.waiveUnknown = readTexts(object["waive"])
	l.waits = l.waits || l.content.waiveUnknown || zenml.IsUnknown(object["target"])

	return nil
}

// fillMore fills the list of further components of a kind.
func (l *Loose) fillMore(kind flavor.Kind, value any) error {
	place := additional(kind.Name)

	switch value := value.(type) {
	case nil:
	case zenml.Unknown:
		l.waits = true
	case []any:
		for i, one := range value {
			if err := l.fill(kind, place+"["+strconv.Itoa(i)+"]", one); err != nil {
				return err
			}
		}
	default:
		return diagnose.NoComponent(place, "this is no list of components")
	}

	return nil
}

// addAll puts components into the slots that their types say, in the order in which they stand; named says how to call one.
func (l *Loose) addAll(values []any, named func(i int) string) error {
	byKind := map[string][]any{}

	for i, value := range values {
		switch value := value.(type) {
		case nil:
			continue
		case zenml.Unknown:
			l.waits = true

			continue
		case []any:
			return diagnose.NestedComponents(named(i))
		case map[string]any:
			if zenml.IsUnknown(value["type"]) {
				l.waits = true

				continue
			}

			if _, err := loosened(named(i), value); err != nil {
				return err
			}

			declared, _ := value["type"].(string)
			if !slices.ContainsFunc(l.resource.kinds, func(kind flavor.Kind) bool { return kind.Name == declared }) {
				return diagnose.NoPlaceInStack(named(i), declared, l.resource.names())
			}

			byKind[declared] = append(byKind[declared], value)
		default:
			return diagnose.NoComponent(named(i), fmt.Sprintf("%v is no component", value))
		}
	}

	for _, kind := range l.resource.kinds {
		for i, value := range byKind[kind.Name] {
			if err := l.fill(kind, slotAt(kind, i), value); err != nil {
				return err
			}
		}
	}

	return nil
}

// slotAt names the slot of the i-th component of a kind. Where a stack takes one only, the others have no slot of their
// own, and that there are others is what the judge objects to.
func slotAt(kind flavor.Kind, i int) string {
	switch {
	case i == 0:
		return kind.Name
	case kind.Many:
		return additional(kind.Name) + "[" + strconv.Itoa(i-1) + "]"
	default:
		return kind.Name + "[" + strconv.Itoa(i) + "]"
	}
}

// fill puts a value into a slot, as Terraform would put it into one of mlstacks_stack.
func (l *Loose) fill(kind flavor.Kind, place string, value any) error {
	switch value := value.(type) {
	case nil:
	case zenml.Unknown:
		l.waits = true
	case []any:
		return diagnose.NestedComponents(place)
	case map[string]any:
		narrowed, err := loosened(place, value)
		if err != nil {
			return err
		}

		l.content.add(kind, place, narrowed)

		c := l.content.components[len(l.content.components)-1]
		l.waits = l.waits || !c.known() && (c.Fault == nil || zenml.HoldsUnknown(narrowed))
	default:
		return diagnose.NoComponent(place, fmt.Sprintf("%v is no component", value))
	}

	return nil
}

// Compatible lists the flavors of a kind that would still compose with the components. What they lack may still be
// added; what they have in that kind's slot is left out of the question.
func (l Loose) Compatible(kind string) []string {
	judged := compose.Stack{UnknownSlots: slices.Clone(l.content.unknown)}
	judged.Target, _ = l.content.target.(string)

	for _, c := range l.content.components {
		judged.Components = append(judged.Components, c.Component)
	}

	for _, k := range l.resource.kinds {
		for _, name := range Slots(k) {
			taken := func(c compose.Component) bool { return c.Slot == name || strings.HasPrefix(c.Slot, name+"[") }
			if !slices.ContainsFunc(judged.Components, taken) {
				judged.UnknownSlots = append(judged.UnknownSlots, name)
			}
		}
	}

	checker := compose.Checker{Candidates: l.resource.candidates(), Waive: l.content.waive, ImageBuilderDefault: true}

	return checker.Compatible(judged, kind)
}

// names lists the kinds.
func (r *Resource) names() []string {
	names := make([]string, 0, len(r.kinds))
	for _, kind := range r.kinds {
		names = append(names, kind.Name)
	}

	return names
}
