package zenml

import (
	"bytes"
	"fmt"
	"strings"
)

// MarshalYAML returns v as ZenML's exporter writes it: PyYAML's default dump,
// which is block style, two spaces a level, keys sorted by code point, lines
// folded after column 80 and everything outside printable ASCII escaped.
//
// v is a tree of map[string]any, []any, string, bool, int, int64, float64, nil,
// and json.Number for whole numbers that an int64 cannot hold. A nil map is
// written as {} and a nil slice as []. Equal subtrees are written out each time,
// never as anchors, because ZenML reads what it exports from JSON, where nothing
// is shared. The text ends with a newline.
//
// An error names the place, from the root on, of a value of another type or of
// a string that is not valid UTF-8.
func MarshalYAML(v any) ([]byte, error) {
	e := &emitter{whitespace: true, indention: true, indent: noIndent}
	if err := e.node(v, inRoot, "$"); err != nil {
		return nil, err
	}
	e.endDocument()
	return e.out.Bytes(), nil
}

const (
	bestIndent = 2
	bestWidth  = 80
	noIndent   = -1 // outside any collection
	// maxSimpleKey is how long a key may be, counting its tag "!!str", before
	// it moves to a line of its own behind a question mark.
	maxSimpleKey = 128
	tagLength    = len("!!str")
)

// position says where in its parent a node stands; indentation and the choice
// of a scalar's style depend on it.
type position int

const (
	inRoot position = iota
	inSequence
	inMapping
	inSimpleKey
)

// emitter holds what the next byte depends on. The two flags mirror PyYAML's
// notions, and keeping both is what makes its corner cases come out alike.
type emitter struct {
	out    bytes.Buffer
	column int
	indent int
	// whitespace is true after a blank or at the start of a line, where an
	// indicator needs no blank before it.
	whitespace bool
	// indention is true while the line holds only blanks and "-", "?" or ":",
	// so that a nested collection may go on in the same line.
	indention bool
	// openEnded is true after a plain scalar at the root, which has to be
	// closed by a document end mark.
	openEnded bool
}

func (e *emitter) node(v any, at position, path string) error {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			e.emptyCollection("{", "}")
			return nil
		}
		return e.mapping(v, path)
	case []any:
		if len(v) == 0 {
			e.emptyCollection("[", "]")
			return nil
		}
		return e.sequence(v, at, path)
	default:
		s, err := represent(v)
		if err != nil {
			return fmt.Errorf("yaml value at %s: %w", path, err)
		}
		e.scalar(s, at)
		return nil
	}
}

func (e *emitter) mapping(m map[string]any, path string) error {
	outer := e.indent
	e.increaseIndent()
	defer func() { e.indent = outer }()

	for _, k := range sortedKeys(m) {
		key, err := represent(k)
		if err != nil {
			return fmt.Errorf("yaml key in %s: %w", path, err)
		}
		e.writeIndent()
		if key.isSimpleKey() {
			e.scalar(key, inSimpleKey)
			e.indicator(":", false, false, false)
		} else {
			e.indicator("?", true, false, true)
			e.scalar(key, inMapping)
			e.writeIndent()
			e.indicator(":", true, false, true)
		}
		if err := e.node(m[k], inMapping, path+"."+k); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) sequence(list []any, at position, path string) error {
	outer := e.indent
	// A list that is the value of a key stands under the key, not indented,
	// unless it begins in the line of the "?" or ":" of a long key.
	if at != inMapping || e.indention {
		e.increaseIndent()
	}
	defer func() { e.indent = outer }()

	for i, item := range list {
		e.writeIndent()
		e.indicator("-", true, false, true)
		if err := e.node(item, inSequence, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func (e *emitter) emptyCollection(open, shut string) {
	e.indicator(open, true, true, false)
	e.indicator(shut, false, false, false)
}

func (e *emitter) increaseIndent() {
	if e.indent == noIndent {
		e.indent = 0
		return
	}
	e.indent += bestIndent
}

// endDocument closes the last line and, after a plain scalar at the root, the
// document.
func (e *emitter) endDocument() {
	e.writeIndent()
	if e.openEnded {
		e.indicator("...", true, false, false)
		e.writeIndent()
	}
}

// indicator writes a structural mark, with a blank before it where one is
// needed. whitespace and indention say what the mark counts as afterwards.
func (e *emitter) indicator(mark string, needWhitespace, whitespace, indention bool) {
	if needWhitespace && !e.whitespace {
		mark = " " + mark
	}
	e.whitespace = whitespace
	e.indention = e.indention && indention
	e.openEnded = false
	e.write(mark)
}

func (e *emitter) write(ascii string) {
	e.out.WriteString(ascii)
	e.column += len(ascii)
}

func (e *emitter) lineBreak() {
	e.out.WriteByte('\n')
	e.column = 0
	e.whitespace = true
	e.indention = true
}

// writeIndent moves to the current indentation, on a new line unless the
// present one has room for it.
func (e *emitter) writeIndent() {
	indent := max(e.indent, 0)
	if !e.indention || e.column > indent || (e.column == indent && !e.whitespace) {
		e.lineBreak()
	}
	if e.column < indent {
		e.whitespace = true
		e.write(strings.Repeat(" ", indent-e.column))
	}
}
