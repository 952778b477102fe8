package spec

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// parse reads the one document of a file. What is no YAML is refused, and so is a file without anything in it.
func (r *reader) parse(f File) (*yaml.Node, bool) {
	if !r.isText(f) {
		return nil, false
	}

	decoder := yaml.NewDecoder(bytes.NewReader(f.Text))

	var document yaml.Node

	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF), err == nil && len(document.Content) == 0:
		r.refuse(RuleShape, f.first(), "Empty file", "Write the spec into it, or name another file.", "There is nothing in %s.", f.Name)

		return nil, false
	case err != nil:
		r.notYAML(f, err)

		return nil, false
	}

	var second yaml.Node

	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		r.notYAML(f, err)

		return nil, false
	default:
		at := f.whole()
		at.Line, at.Column = second.Line, second.Column
		r.refuse(RuleSyntax, at, "Second document in a file", "Write each document into a file of its own.", "A spec is one document, and a second one begins here.")

		return nil, false
	}

	return document.Content[0], true
}

func (f File) first() Mark {
	m := f.whole()
	m.Line, m.Column = 1, 1

	return m
}

var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.+)' referenced`)

var linePrefix = regexp.MustCompile(`^yaml: (?:line \d+: )?`)

func (r *reader) notYAML(f File, err error) {
	said := linePrefix.ReplaceAllString(err.Error(), "")
	at := f.place(err)

	if alias := unknownAnchor.FindStringSubmatch(said); alias != nil { // it is noticed at its end
		at.Column -= min(utf8.RuneCountInString(alias[1]), at.Column-1)
	}

	r.refuse(RuleSyntax, at, "Invalid YAML", "Mend the YAML; an editor that knows it shows the place.", "%s is no YAML: %s.", f.Name, said)
}

// place finds where a syntax error is. The library tells at most a line, and sometimes the one before; so it is the end of
// the shortest beginning of the text that fails with the same words. The library reads from left to right, so that longer
// ones fail with them, too.
func (f File) place(err error) Mark {
	var ends []int // of the characters

	for at := range string(f.Text) {
		if at > 0 {
			ends = append(ends, at)
		}
	}

	said := err.Error()
	ends = append(ends, len(f.Text))
	first := sort.Search(len(ends), func(i int) bool {
		got := failure(f.Text[:ends[i]])

		return got != nil && got.Error() == said
	})

	if first == 0 || first == len(ends) {
		return f.first()
	}

	return f.mark(ends[first-1])
}

// failure reads all documents of a text.
func failure(text []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(text))

	for {
		var node yaml.Node
		if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err //nolint:wrapcheck // its words are compared
		}
	}
}

// tagged is what a scalar is, in words.
func tagged(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a map"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode, yaml.DocumentNode, yaml.AliasNode:
	}

	switch tag := node.ShortTag(); tag {
	case "!!null":
		return "empty"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "a boolean"
	case "!!timestamp":
		return "a date"
	case "!!str":
		return "a text"
	default:
		return "of the type " + strings.TrimPrefix(tag, "!!")
	}
}
