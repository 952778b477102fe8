package spec

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const (
	// maxMerges bounds how deep maps are merged into each other.
	maxMerges = 16
	// maxMerged bounds how many maps are merged in all: few lines can name very many.
	maxMerged = 1000
)

// entry is a key of a map with its value, aliases followed.
type entry struct {
	key       string
	at, value Mark
	node      *yaml.Node
}

// mapping is a map of a file, in its order.
type mapping struct {
	file    File
	at      Mark
	entries []entry
}

func (m mapping) find(key string) (entry, bool) {
	at := slices.IndexFunc(m.entries, func(e entry) bool { return e.key == key })
	if at < 0 {
		return entry{}, false
	}

	return m.entries[at], true
}

// get finds a key that has a value.
func (m mapping) get(key string) (entry, bool) {
	e, ok := m.find(key)

	return e, ok && !isNull(e.node)
}

// mark is the place of a key's value, or of the map where the key is absent.
func (m mapping) mark(key string) Mark {
	if e, ok := m.find(key); ok {
		return e.value
	}

	return m.at
}

func (f File) at(node *yaml.Node) Mark {
	m := f.whole()
	m.Line, m.Column = node.Line, node.Column

	return m
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null" }

// followed is what an alias stands for.
func followed(node *yaml.Node) *yaml.Node {
	for depth := 0; node.Kind == yaml.AliasNode && depth < maxMerges; depth++ {
		node = node.Alias
	}

	return node
}

// mapping reads a map. Keys that stand twice are refused: most readers of YAML take the last one without a word.
func (r *reader) mapping(f File, node *yaml.Node, what string) (mapping, bool) {
	m := mapping{file: f, at: f.at(node)}

	if node = followed(node); node.Kind != yaml.MappingNode {
		r.refuse(RuleShape, m.at, "Not a map", "Write keys and values, as in name: value.", "%s is %s, and a map is wanted.", what, tagged(node))

		return m, false
	}

	r.fill(&m, node, 0)

	return m, true
}

// fill adds the entries of a node to a map: its own, and those that it merges in and does not have itself.
func (r *reader) fill(m *mapping, node *yaml.Node, depth int) {
	var merged []*yaml.Node

	own := map[string]Mark{}

	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		name := followed(key).Value

		if key.ShortTag() == "!!merge" || (key.Tag == "" && name == "<<") {
			merged = append(merged, value)

			continue
		}

		if first, twice := own[name]; twice {
			r.refuse(RuleDuplicate, m.file.at(key), "Key stands twice", "Remove one of them.", "%q stands at line %d already.", name, first.Line)

			continue
		}

		own[name] = m.file.at(key)

		if _, there := m.find(name); !there { // else a nearer map has it
			m.entries = append(m.entries, entry{key: name, at: own[name], value: m.file.at(value), node: followed(value)})
		}
	}

	for _, value := range merged {
		r.merge(m, followed(value), depth)
	}
}

func (r *reader) merge(m *mapping, node *yaml.Node, depth int) {
	r.merged++

	switch {
	case r.merged > maxMerged+1: // said once
	case r.merged > maxMerged:
		r.refuse(RuleShape, m.file.at(node), "Too many maps merged", "Write the maps out.", "More than %d maps are merged into others.", maxMerged)
	case depth >= maxMerges:
		r.merged = maxMerged + 1 // enough
		r.refuse(RuleShape, m.file.at(node), "Maps merged too deep", "Write the map out.", "More than %d maps are merged into each other here.", maxMerges)
	case node.Kind == yaml.MappingNode:
		r.fill(m, node, depth+1)
	case node.Kind == yaml.SequenceNode:
		for _, one := range node.Content {
			r.merge(m, followed(one), depth+1)
		}
	default:
		r.refuse(RuleShape, m.file.at(node), "Not a map", "Merge a map, as in <<: *base.", "<< merges maps, and this is %s.", tagged(node))
	}
}

// known refuses keys that mean nothing.
func (r *reader) known(m mapping, what string, keys ...string) {
	for _, e := range m.entries {
		if slices.Contains(keys, e.key) {
			continue
		}

		fix := "Remove it."
		if near := zenml.DidYouMean(e.key, keys); near != "" {
			fix = "Did you mean " + quoted(near) + "? " + fix
		}

		r.refuse(RuleUnknown, e.at, "Unknown key", fix, "%s has no key %q. It has: %s.", what, e.key, list(keys))
	}
}

// text reads a key whose value is a text; rule is that of a value which is none. It is empty where the key is absent.
func (r *reader) text(m mapping, key, rule string) string {
	e, ok := m.get(key)
	if !ok {
		return ""
	}

	return r.scalar(e, rule, false)
}

// scalar reads a value that is to be a text. One that may be secret is not repeated.
func (r *reader) scalar(e entry, rule string, secret bool) string {
	switch {
	case e.node.Kind != yaml.ScalarNode:
		r.refuse(rule, e.value, "Not a text", "Write a text.", "%s is %s, and a text is wanted.", e.key, tagged(e.node))
	case e.node.ShortTag() != "!!str":
		fix := "Put it into quotes."

		switch {
		case isNull(e.node):
			fix = "Write a text, or remove the key; \"\" is the empty text."
		case !secret:
			fix = "Put it into quotes: " + quoted(e.node.Value) + "."
		}

		r.refuse(rule, e.value, "Not a text", fix, "%s is %s, and a text is wanted.", e.key, tagged(e.node))
	default:
		return e.node.Value
	}

	return ""
}

// required reads a text that has to be there.
func (r *reader) required(m mapping, key, what, fix string) string {
	if _, ok := m.get(key); !ok {
		r.refuse(RuleRequired, m.mark(key), "Key missing", fix, "%s has no %s.", what, key)

		return ""
	}

	return r.text(m, key, RuleShape)
}

// texts reads a key whose value is a map of texts, with the place of each. Those of tags are no secrets.
func (r *reader) texts(m mapping, key string) (values map[string]string, places map[string]Mark) {
	values, places = map[string]string{}, map[string]Mark{}

	e, ok := m.get(key)
	if !ok {
		return values, places
	}

	if e.node.Kind != yaml.MappingNode {
		fix := "Write keys and values, as in team: \"ml\"."
		if e.node.Kind == yaml.SequenceNode {
			fix = "Leave out the hyphens: the tool's documentation shows a list here, which the tool itself refused."
		}

		r.refuse(RuleTexts, e.value, "Not a map of texts", fix, "%s is %s, and a map of texts is wanted.", key, tagged(e.node))

		return values, places
	}

	inner := mapping{file: m.file, at: e.value}
	r.fill(&inner, e.node, 0)

	for _, one := range inner.entries {
		before := len(r.problems)
		if value := r.scalar(one, RuleTexts, key != keyTags && key != keyOwnTags); len(r.problems) == before {
			values[one.key], places[one.key] = value, one.value
		}
	}

	return values, places
}

// oneLine is a text without what would end a line of a comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
