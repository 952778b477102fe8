package zenml

import (
	"strings"
)

// value is what a rule sees of a field: the value with its default, or that it cannot be known yet.
type value struct {
	v any
	// open says that only apply can tell; hidden that a secret holds it, so that it is there but cannot be read.
	open, hidden bool
	given        bool
}

// get gives the converted value of a field, or its default.
func (s *subject) get(name string) value {
	v, given := s.typed[name]
	if !given {
		if field, ok := s.flavor.Field(name); ok && field.HasDefault {
			v = field.Default
		}
	}
	return value{v: v, open: IsUnknown(v), hidden: IsSecretReference(v), given: given}
}

// before gives a field as it was given, which is what ZenML's early checks see.
func (s *subject) before(name string) value {
	v, given := s.raw[name]
	return value{v: plainNumber(v), open: IsUnknown(v), hidden: IsSecretReference(v), given: given}
}

// set tells whether there is something other than nothing, false, zero and emptiness.
func (v value) set() Truth {
	switch {
	case v.open:
		return Undecided
	case v.hidden:
		return True
	}
	switch x := v.v.(type) {
	case nil:
		return False
	case bool:
		return Is(x)
	case string:
		return Is(x != "")
	case int64:
		return Is(x != 0)
	case float64:
		return Is(x != 0)
	case []any:
		return Is(len(x) > 0)
	case map[string]any:
		return Is(len(x) > 0)
	default:
		return True
	}
}

// null tells whether the value is null or absent.
func (v value) null() Truth {
	if v.open {
		return Undecided
	}
	return Is(v.v == nil)
}

// text gives a readable text.
func (v value) text() (string, bool) {
	text, ok := v.v.(string)
	return text, ok && !v.hidden
}

// says asks about the value's text; a value that is no text does not pass.
func (v value) says(test func(string) bool) Truth {
	if v.open || v.hidden {
		return Undecided
	}
	text, ok := v.text()
	return Is(ok && test(text))
}

func (v value) is(wanted string) Truth {
	return v.says(func(text string) bool { return text == wanted })
}

func (v value) startsWith(beginnings ...string) Truth {
	return v.says(func(text string) bool { return hasAnyPrefix(text, beginnings) })
}

func hasAnyPrefix(text string, beginnings []string) bool {
	for _, b := range beginnings {
		if strings.HasPrefix(text, b) {
			return true
		}
	}
	return false
}

// size compares two numbers, when both are known.
func size(v value) (float64, bool) {
	if _, isBool := v.v.(bool); isBool {
		return 0, false
	}
	_, f, ok := toFloat(v.v)
	if _, isText := v.v.(string); isText {
		return 0, false
	}
	return f, ok && !v.open
}

// objection is the usual answer of a rule: one fault at one field, when the condition is false beyond doubt.
func objection(demand Truth, field, message, fix string) []fault {
	if demand != False {
		return nil
	}
	f := fault{message: message, fix: fix}
	if field != "" {
		f.path = strings.Split(field, ".")
	}
	return []fault{f}
}

// together demands that two fields are both set or both not.
func together(a, b value) Truth {
	if a.set() == Undecided || b.set() == Undecided {
		return Undecided
	}
	return Is(a.set() == b.set())
}

// firstGiven names the field to point at: the first of those that are given, else the first.
func (s *subject) firstGiven(names ...string) string {
	for _, name := range names {
		if _, ok := s.raw[name]; ok {
			return name
		}
	}
	return names[0]
}
