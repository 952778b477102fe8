package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// requires demands that the stack has components of the given kinds.
func requires(kinds ...string) demand {
	return demand{text: "needs " + a(joined(kinds)), judge: func(s situation) finding {
		f := finding{holds: zenml.True}
		for _, kind := range kinds {
			present := s.present(kind)
			if present == zenml.False {
				f.missing = append(f.missing, kind)
			}
			f.holds = zenml.All(f.holds, present)
		}
		f.message = fmt.Sprintf("%s needs %s, and the stack has none.", s.subject.label(), a("component of the kind "+joined(f.missing)))
		return f
	}}
}

// forbids demands that no component of the given kinds (all, when none is given) has a property.
func forbids(property string, has func(*Component) Truth, kinds ...string) demand {
	where := "in the stack"
	if len(kinds) > 0 {
		where = "as " + joined(kinds)
	}
	return demand{text: "takes nothing that " + property + " " + where, judge: func(s situation) finding {
		f := finding{holds: zenml.True}
		for i := range s.stack.Components {
			c := &s.stack.Components[i]
			if len(kinds) > 0 && !slices.Contains(kinds, c.Kind) {
				continue
			}
			bad := has(c)
			if bad == zenml.True && c != s.subject {
				f.objects = append(f.objects, c)
			}
			f.holds = zenml.All(f.holds, zenml.Not(bad))
		}
		f.message = fmt.Sprintf("%s cannot work with %s, which %s.", s.subject.label(), labels(f.objects), property)
		return f
	}}
}

const boundHere = "is bound to this machine"

func noLocal(kinds ...string) demand { return forbids(boundHere, isLocal, kinds...) }

// noLocalPath demands that nothing keeps files in a directory of this machine. Some validators of ZenML let an empty
// path pass, others do not.
func noLocalPath(emptyCounts bool) demand {
	return forbids("keeps files in a directory of this machine", func(c *Component) Truth {
		if emptyCounts {
			return hasLocalPath(c)
		}
		return zenml.All(hasLocalPath(c), zenml.Not(has(emptyPathRows, c)))
	})
}

// access demands that the subject knows its cluster in one of several ways.
func access(fields ...string) demand {
	ways := []Condition{hasConnector()}
	for _, field := range fields {
		ways = append(ways, isSet(field))
	}
	way := anyOf(ways...)
	return demand{text: "knows its cluster: it " + way.text, judge: func(s situation) finding {
		return finding{
			holds: way.of(s.subject), path: []string{fields[len(fields)-1]},
			message: fmt.Sprintf("%s does not know its cluster: it has neither a service connector nor %s.", s.subject.label(), strings.Join(fields, " nor ")),
		}
	}}
}

// ownSetting demands something of the subject's own configuration that only matters once it is in a stack.
func ownSetting(condition Condition, field, message string) demand {
	return demand{text: condition.text, judge: func(s situation) finding {
		return finding{holds: condition.of(s.subject), path: []string{field}, message: s.subject.label() + " " + message}
	}}
}

// flavorIs demands that the default component of a kind is of one of ZenML's flavors, unless the subject's own
// configuration makes that unnecessary.
func flavorIs(kind, flavor string, unless ...Condition) demand {
	text := fmt.Sprintf("needs %s of the flavor %s", a(kind), flavor)
	if len(unless) > 0 {
		text += ", unless it " + joinTexts(unless, ", or ")
	}
	return needs(kind, text, func(s situation, c *Component) Truth {
		holds := zenml.Is(c.ZenML == flavor)
		for _, condition := range unless {
			holds = zenml.Any(holds, condition.of(s.subject))
		}
		return holds
	})
}

// needs demands something of the default component of a kind, when there is one.
func needs(kind, text string, ok func(situation, *Component) Truth) demand {
	return demand{text: text, judge: func(s situation) finding {
		c := s.first(kind)
		if c == nil {
			return finding{holds: zenml.Undecided} // not known yet, or absent, which is another rule's affair
		}
		holds := zenml.Undecided
		if !c.Unknown {
			holds = ok(s, c)
		}
		return finding{holds: holds, objects: []*Component{c}, message: fmt.Sprintf("%s %s, not %s.", s.subject.label(), text, c.label())}
	}}
}

// provided demands that the default component of a kind has an ability.
func provided(kind, ability, noun string) demand {
	return needs(kind, "needs "+noun, func(_ situation, c *Component) Truth { return provides(c, ability) })
}

// provides tells whether a component has an ability. A registry may be known by its address alone, and an address
// that is not known yet may turn out to be the right one.
func provides(c *Component, ability string) Truth {
	switch {
	case slices.Contains(c.Provides, ability):
		return zenml.True
	case c.Unknown, c.ProvidesUnknown:
		return zenml.Undecided
	case c.Kind == kindRegistry:
		uri, ok := c.URI.(string)
		if !ok {
			if zenml.IsUnknown(c.URI) {
				return zenml.Undecided
			}
			return zenml.False
		}
		return zenml.Is(slices.Contains(registryAbilities(uri), ability))
	default:
		return zenml.False
	}
}

func labels(components []*Component) string {
	words := make([]string, len(components))
	for i, c := range components {
		words[i] = c.label()
	}
	return joined(words)
}
