package zenml

import (
	"fmt"
	"strings"
)

// scalar writes a leaf in the lightest style that keeps its meaning: plain,
// then single quotes, then double quotes.
func (e *emitter) scalar(s scalar, at position) {
	outer := e.indent
	if e.indent == noIndent {
		e.indent = bestIndent
	} else {
		e.indent += bestIndent // where a folded line goes on
	}
	defer func() { e.indent = outer }()

	fold := at != inSimpleKey // a key has to stay in its line
	switch {
	case s.escaped:
		e.doubleQuoted([]rune(s.text), fold)
	case s.ambiguous:
		e.singleQuoted(s.text, fold)
	default:
		e.plain(s.text, fold)
		e.openEnded = at == inRoot
	}
}

// plain writes text without quotes. It folds at single blanks that follow
// column 80; two blanks in a row would not survive the fold.
func (e *emitter) plain(text string, fold bool) {
	if !e.whitespace {
		e.write(" ")
	}
	e.whitespace, e.indention = false, false
	for len(text) > 0 {
		run := leadingRun(text, ' ')
		if run == 1 && fold && e.column > bestWidth {
			e.writeIndent()
			e.whitespace, e.indention = false, false
		} else {
			e.write(text[:run])
		}
		word := len(text)
		if next := strings.IndexByte(text[run:], ' '); next >= 0 {
			word = run + next
		}
		e.write(text[run:word])
		text = text[word:]
	}
}

// singleQuoted writes text with its quotes doubled and each run of line breaks
// one longer, as readers take a lone line break for a blank.
func (e *emitter) singleQuoted(text string, fold bool) {
	e.indicator("'", true, false, false)
	for i := 0; i < len(text); {
		rest := text[i:]
		if run := leadingRun(rest, ' '); run > 0 {
			inner := i > 0 && run < len(rest)
			if run == 1 && fold && inner && e.column > bestWidth {
				e.writeIndent()
			} else {
				e.write(rest[:run])
			}
			i += run
			continue
		}
		if run := leadingRun(rest, '\n'); run > 0 {
			for range run + 1 {
				e.lineBreak()
			}
			e.writeIndent()
			i += run
			continue
		}
		word := len(rest)
		if next := strings.IndexAny(rest, " \n"); next >= 0 {
			word = next
		}
		e.write(strings.ReplaceAll(rest[:word], "'", "''"))
		i += word
	}
	e.indicator("'", false, false, false)
}

// escapes are the characters with an escape of their own.
var escapes = map[rune]string{
	0: `\0`, '\a': `\a`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\v': `\v`, '\f': `\f`, '\r': `\r`,
	0x1b: `\e`, '"': `\"`, '\\': `\\`, 0x85: `\N`, 0xa0: `\_`, 0x2028: `\L`, 0x2029: `\P`,
}

// doubleQuoted writes text with escapes for all but printable ASCII. After
// column 80 it folds, by a backslash at the end of the line, before a blank or
// beside an escape. from is where the text not yet written begins; it runs one
// ahead of i just behind an escape.
func (e *emitter) doubleQuoted(text []rune, fold bool) {
	e.indicator(`"`, true, false, false)
	from := 0
	for i := 0; i <= len(text); i++ {
		end := i == len(text)
		if end || needsEscape(text[i]) {
			if from < i {
				e.write(string(text[from:i]))
				from = i
			}
			if !end {
				e.write(escape(text[i]))
				from = i + 1
			}
		}
		if !fold || i == 0 || i >= len(text)-1 {
			continue
		}
		if (text[i] == ' ' || from >= i) && e.column+(i-from) > bestWidth {
			if from < i {
				e.write(string(text[from:i]))
				from = i
			}
			e.write(`\`)
			e.writeIndent()
			e.whitespace, e.indention = false, false
			if text[from] == ' ' { // a reader would drop a bare one
				e.write(`\`)
			}
		}
	}
	e.indicator(`"`, false, false, false)
}

func needsEscape(r rune) bool {
	return r < ' ' || r > '~' || r == '"' || r == '\\'
}

func escape(r rune) string {
	if short, ok := escapes[r]; ok {
		return short
	}
	switch {
	case r <= 0xff:
		return fmt.Sprintf(`\x%02X`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04X`, r)
	default:
		return fmt.Sprintf(`\U%08X`, r)
	}
}

// leadingRun counts how often c stands at the start of text.
func leadingRun(text string, c byte) int {
	return len(text) - len(strings.TrimLeft(text, string(rune(c))))
}
