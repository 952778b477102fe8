package flavortest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const componentName = "conformance"

// checkFacts holds the facts to what the plan promises: they may be told late, but never otherwise.
func (s suite) checkFacts(t *testing.T) {
	first, changed := s.samples(t, t.TempDir())

	t.Run("never panic", func(t *testing.T) {
		s.facts(t, "nothing", nil, flavor.Values{})

		for _, base := range []flavor.Values{first.written, first.planned, changed.planned} {
			s.facts(t, "no name", nil, base)

			for _, at := range places(base, nil) {
				s.facts(t, fmt.Sprintf("null %s", at), componentName, with(base, at, nil))
				s.facts(t, fmt.Sprintf("unknown %s", at), zenml.Unknown{}, with(base, at, zenml.Unknown{}))
			}
		}
	})

	t.Run("of unknown values are unknown or the same", func(t *testing.T) {
		s.unknownOrTheSame(t, changed, first.written, first.planned, changed.planned)
	})

	t.Run("are the same each time and leave their input alone", func(t *testing.T) {
		for _, base := range []flavor.Values{first.planned, s.allUnknown()} {
			before, once := clone(base), s.facts(t, "once", componentName, base)

			for range 5 {
				if again := s.facts(t, "again", componentName, base); !reflect.DeepEqual(again, once) {
					t.Fatalf("facts are %+v, then %+v", once, again)
				}
			}

			if !reflect.DeepEqual(before, clone(base)) {
				t.Errorf("configuration was %v, and is %v now", before, base)
			}
		}
	})

	t.Run("tell no secret", func(t *testing.T) {
		secrets, found := s.withSecrets(t, t.TempDir())
		if !found {
			return
		}

		for _, base := range []flavor.Values{secrets.written, secrets.planned} {
			tellsNo(t, "facts", s.facts(t, "secrets", componentName, base))

			for _, at := range places(base, nil) {
				tellsNo(t, "facts", s.facts(t, fmt.Sprintf("null %s", at), componentName, with(base, at, nil)))
				tellsNo(t, "check", s.flavor.Check(s.kind, about(componentName, with(base, at, nil))))
			}
		}
	})

	t.Run("name the flavor", func(t *testing.T) {
		known := s.facts(t, "all known", componentName, first.planned)
		if name, ok := known.Flavor.(string); !ok || name != s.flavor.Name && !strings.HasPrefix(name, s.flavor.Name+"/") {
			t.Errorf("flavor is %v", known.Flavor)
		}

		if want := any(s.flavor.ZenML); s.kind.ZenML && s.flavor.ZenML != "" && known.ZenML != want {
			t.Errorf("ZenML's name is %v, want %v", known.ZenML, want)
		}
	})
}

// unknownOrTheSame replaces one value after the other by an unknown one, and compares with what it may turn out to be.
func (s suite) unknownOrTheSame(t *testing.T, changed given, bases ...flavor.Values) {
	t.Helper()

	problems := map[string]bool{} // each once, however many configurations show it
	note := func(what string, found []string) {
		for _, problem := range found {
			problems["while "+what+" is unknown, "+problem] = true
		}
	}

	for _, base := range bases {
		known := s.facts(t, "all known", componentName, base)
		note("the name", s.compare(s.facts(t, "unknown name", zenml.Unknown{}, base), known))

		for _, at := range places(base, nil) {
			unknown := s.facts(t, fmt.Sprintf("unknown %s", at), componentName, with(base, at, zenml.Unknown{}))

			for _, value := range s.possible(at, base, changed.planned) {
				note(at.String(), s.compare(unknown, s.facts(t, at.String(), componentName, with(base, at, value))))
			}
		}
	}

	for _, problem := range slices.Sorted(maps.Keys(problems)) {
		t.Error(problem)
	}
}

// facts computes the facts and what depends on nothing else, and says which input made them panic.
func (s suite) facts(t *testing.T, what string, name any, v flavor.Values) flavor.Facts {
	t.Helper()

	defer func() {
		if problem := recover(); problem != nil {
			t.Fatalf("%s: panic: %v", what, problem)
		}
	}()

	s.flavor.Check(s.kind, about(name, v))

	facts := s.flavor.Facts(s.kind, about(name, v))
	facts.Judge(s.kind.Name, s.sample.Connector)

	if s.flavor.Environment != nil {
		s.flavor.Environment(facts)
	}

	return facts
}

// about is a component before apply has told its outputs.
func about(name any, v flavor.Values) flavor.Subject {
	return flavor.Subject{Name: name, Values: v, Outputs: zenml.Unknown{}}
}

// allUnknown has every attribute unknown.
func (s suite) allUnknown() flavor.Values {
	v := flavor.Values{}
	for name := range s.attributes {
		v[name] = zenml.Unknown{}
	}

	return v
}

// possible lists what an unknown value may turn out to be: what stands there, what stands there in another
// configuration, and null where the plan can hold one.
func (s suite) possible(at place, base, other flavor.Values) []any {
	all := []any{lookup(map[string]any(base), at), lookup(map[string]any(other), at)}

	if attribute := s.attributes[at[0]]; len(at) == 1 && attribute.IsOptional() && !attribute.IsComputed() {
		all = append(all, nil)
	}

	return all
}

func lookup(tree any, at place) any {
	if len(at) == 0 {
		return tree
	}

	switch tree := tree.(type) {
	case map[string]any:
		return lookup(tree[at[0]], at[1:])
	case []any:
		var i int
		if n, err := fmt.Sscan(at[0], &i); n == 1 && err == nil && i < len(tree) {
			return lookup(tree[i], at[1:])
		}
	}

	return nil
}

// compare tells where facts with an unknown input say something else than those with the input known.
func (s suite) compare(unknown, known flavor.Facts) (problems []string) {
	differ := func(part string, a, b any) {
		problems = append(problems, fmt.Sprintf("%s is %v, and turns out to be %v", part, a, b))
	}

	for part, pair := range map[string][2]any{
		"flavor": {unknown.Flavor, known.Flavor}, "zenml": {unknown.ZenML, known.ZenML}, "uri": {unknown.URI, known.URI},
		"provides": {unknown.Provides, known.Provides},
	} {
		if !covers(pair[0], pair[1]) {
			differ(part, pair[0], pair[1])
		}
	}

	if (unknown.ZenML != zenml.Unknown{}) {
		compareMaps(differ, "configuration", unknown.Configuration, known.Configuration, unknown.Open)

		if known.Open && !unknown.Open {
			differ("open", unknown.Open, known.Open)
		}
	}

	if s.flavor.Environment != nil {
		compareMaps(differ, "environment", s.flavor.Environment(unknown), s.flavor.Environment(known), unknown.Open)
	}

	return problems
}

func compareMaps(differ func(string, any, any), part string, unknown, known map[string]any, open bool) {
	keys := slices.Sorted(maps.Keys(unknown))
	keys = append(keys, slices.Sorted(maps.Keys(known))...)
	slices.Sort(keys)

	for _, key := range slices.Compact(keys) {
		said := unknown[key] != nil
		if said && !covers(unknown[key], known[key]) || !said && known[key] != nil && !open {
			differ(part+"."+key, unknown[key], known[key])
		}
	}
}

// covers says that a partly unknown value may turn out to be a known one.
func covers(unknown, known any) bool {
	switch unknown := unknown.(type) {
	case zenml.Unknown:
		return true
	case map[string]any:
		other, ok := known.(map[string]any)
		if !ok || len(other) != len(unknown) {
			return false
		}

		for key, value := range unknown {
			if _, ok := other[key]; !ok || !covers(value, other[key]) {
				return false
			}
		}

		return true
	case []any:
		other, ok := known.([]any)

		return ok && slices.EqualFunc(unknown, other, covers)
	default:
		return reflect.DeepEqual(unknown, known)
	}
}
