package kube

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// difference is one field that is not as it should be.
type difference struct {
	steps []step
	// is and should are nil where there is no value.
	is, should any
}

// step leads to a field of an object, or to an element of a list.
type step struct {
	field string
	// key and element are those of an element of a list; key is empty where the list's elements have no names.
	key     string
	element any
	index   int
}

func (s step) isElement() bool { return s.field == "" }

// compare finds the smallest parts that differ. Elements of lists are told apart by name where they have one.
func compare(is, should map[string]any) []difference { return compareMaps(nil, is, should) }

func compareValues(at []step, is, should any) []difference {
	if reflect.DeepEqual(is, should) {
		return nil
	}

	switch have := is.(type) {
	case map[string]any:
		if want, ok := should.(map[string]any); ok {
			return compareMaps(at, have, want)
		}
	case []any:
		if want, ok := should.([]any); ok {
			return compareLists(at, have, want)
		}
	}

	return []difference{{steps: at, is: is, should: should}}
}

func compareMaps(at []step, is, should map[string]any) []difference {
	var all []difference

	both := maps.Clone(is)
	maps.Copy(both, should)

	for _, field := range slices.Sorted(maps.Keys(both)) {
		all = append(all, compareValues(append(slices.Clone(at), step{field: field}), is[field], should[field])...)
	}

	return all
}

func compareLists(at []step, is, should []any) []difference {
	key := keyOf(is, should)

	if key == "" {
		if len(is) != len(should) || !allMaps(is, should) {
			return []difference{{steps: at, is: is, should: should}}
		}

		var all []difference
		for i := range is {
			all = append(all, compareValues(append(slices.Clone(at), step{index: i, element: is[i]}), is[i], should[i])...)
		}

		return all
	}

	var all []difference

	have, want := byKey(is, key), byKey(should, key)

	both := maps.Clone(have)
	maps.Copy(both, want)

	for _, name := range slices.Sorted(maps.Keys(both)) {
		all = append(all, compareValues(
			append(slices.Clone(at), step{key: key, element: both[name]}), have[name], want[name])...)
	}

	if len(all) == 0 { // only the order differs, and order may matter
		return []difference{{steps: at, is: is, should: should}}
	}

	return all
}

// keyOf returns the field by which the elements of both lists have different names.
func keyOf(lists ...[]any) string {
	for _, key := range []string{"name", "mountPath", "containerPort", "port", "key", "ip", "type", "uid"} {
		if !slices.ContainsFunc(lists, func(list []any) bool { return len(byKey(list, key)) != len(list) }) {
			return key
		}
	}

	return ""
}

func byKey(list []any, key string) map[string]any {
	named := map[string]any{}

	for _, element := range list {
		if fields, ok := element.(map[string]any); ok && fields[key] != nil {
			named[fmt.Sprint(fields[key])] = element
		}
	}

	return named
}

func allMaps(lists ...[]any) bool {
	for _, list := range lists {
		for _, element := range list {
			if _, ok := element.(map[string]any); !ok {
				return false
			}
		}
	}

	return true
}

// wording names the field and both values; of a Secret, and of the environment of a container, only the field.
func (d difference) wording(secret bool) string {
	path := d.path()

	switch {
	case d.hidden(secret) || tooLong(d.is) && tooLong(d.should):
		return path + " differs"
	case d.is == nil:
		return fmt.Sprintf("%s is not set, should be %s", path, shown(d.should))
	case d.should == nil:
		return fmt.Sprintf("%s is %s, should not be set", path, shown(d.is))
	}

	return fmt.Sprintf("%s is %s, should be %s", path, shown(d.is), shown(d.should))
}

func (d difference) hidden(secret bool) bool {
	if secret && d.steps[0].field != "metadata" {
		return true
	}

	return slices.ContainsFunc(d.steps, func(s step) bool { return s.field == "env" })
}

func (d difference) path() string {
	var text strings.Builder

	for _, s := range d.steps {
		switch {
		case s.isElement() && s.key == "":
			fmt.Fprintf(&text, "[%d]", s.index)
		case s.isElement():
			fields, _ := s.element.(map[string]any)
			fmt.Fprintf(&text, "[%s=%v]", s.key, fields[s.key])
		case strings.ContainsAny(s.field, "./"):
			fmt.Fprintf(&text, "[%q]", s.field)
		case text.Len() == 0:
			text.WriteString(s.field)
		default:
			text.WriteString("." + s.field)
		}
	}

	return text.String()
}

const longest = 120

func tooLong(value any) bool { return len(encoded(value)) > longest }

func shown(value any) string {
	if tooLong(value) {
		return "something else"
	}

	// A whole container or list that somebody has added may bring an environment along.
	if strings.Contains(encoded(value), `"env"`) {
		return "something else"
	}

	return encoded(value)
}

func encoded(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}

	return string(text)
}
