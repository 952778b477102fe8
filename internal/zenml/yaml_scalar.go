package zenml

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scalar is a leaf: its text, and how that text may be written.
type scalar struct {
	text string
	// ambiguous is true for text that, without quotes, would be read back as
	// something other than a string, or as several nodes.
	ambiguous bool
	// multiline is true for text with a line break of any kind.
	multiline bool
	// escaped is true for text that only double quotes can hold.
	escaped bool
}

// represent turns a leaf into text. It fails for a type that JSON does not
// have and for a string that is not valid UTF-8.
func represent(v any) (scalar, error) {
	switch v := v.(type) {
	case nil:
		return scalar{text: "null"}, nil
	case bool:
		return scalar{text: strconv.FormatBool(v)}, nil
	case int:
		return scalar{text: strconv.Itoa(v)}, nil
	case int64:
		return scalar{text: strconv.FormatInt(v, 10)}, nil
	case float64:
		return scalar{text: formatFloat(v)}, nil
	case json.Number:
		n, ok := new(big.Int).SetString(v.String(), 10)
		if !ok {
			return scalar{}, fmt.Errorf("%q is not a whole number", v.String())
		}
		return scalar{text: n.String()}, nil
	case string:
		if !utf8.ValidString(v) {
			return scalar{}, errors.New("the text is not valid UTF-8")
		}
		return analyze(v), nil
	default:
		return scalar{}, fmt.Errorf("cannot write a %T", v)
	}
}

// formatFloat writes f as Python's repr does, with the fraction that YAML 1.1
// demands before an exponent.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return ".nan"
	case math.IsInf(f, 1):
		return ".inf"
	case math.IsInf(f, -1):
		return "-.inf"
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if n, err := strconv.Atoi(exponent); err == nil && -4 <= n && n < 16 {
		text := strconv.FormatFloat(f, 'f', -1, 64)
		if !strings.Contains(text, ".") {
			text += ".0"
		}
		return text
	}
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	return mantissa + "e" + exponent
}

// typed matches the text that YAML 1.1 reads as a boolean, a number, a null, a
// date, a merge key or a default value. PyYAML knows these types and no more:
// the single letters y and n, for one, stay strings.
var typed = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF`,
	`~|null|Null|NULL|`, // the empty text too
	`<<|=`,
	// whole numbers: binary, octal, decimal, hexadecimal, base sixty
	`[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+`,
	`[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+`,
	// numbers with a point: the exponent needs a sign
	`[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?`,
	`[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*`,
	`[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)`,
	// dates, and dates with a time
	`[0-9]{4}-[0-9]{2}-[0-9]{2}`,
	`[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?` +
		`(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?`,
}, "|") + `)$`)

const (
	// lineBreaks are the characters YAML 1.1 takes for the end of a line.
	lineBreaks = "\n\u0085\u2028\u2029"
	// separators end an indicator: "-", ":" and "#" count only beside one.
	separators = "\x00 \t\r" + lineBreaks
	// leadingIndicators cannot begin a plain scalar.
	leadingIndicators = "#,[]{}&*!|>'\"%@`"
)

// analyze decides how a string may be written.
func analyze(text string) scalar {
	s := scalar{
		text:      text,
		ambiguous: typed.MatchString(text) || strings.HasPrefix(text, "---") || strings.HasPrefix(text, "..."),
	}
	runes := []rune(text)
	for i, r := range runes {
		s.multiline = s.multiline || isLineBreak(r)
		s.ambiguous = s.ambiguous || spoilsPlain(runes, i)
		s.escaped = s.escaped || spoilsSingleQuotes(runes, i)
	}
	return s
}

// spoilsPlain reports whether the character at i means something to YAML in
// text without quotes.
func spoilsPlain(runes []rune, i int) bool {
	separated := func(i int) bool { // the text's ends separate as well
		return i < 0 || i >= len(runes) || strings.ContainsRune(separators, runes[i])
	}
	r := runes[i]
	if i == 0 && (strings.ContainsRune(leadingIndicators, r) || (r == '?' || r == '-') && separated(1)) {
		return true
	}
	switch r {
	case ':':
		return separated(i + 1)
	case '#':
		return separated(i - 1)
	case ' ':
		return i == 0 || i == len(runes)-1
	default:
		return isLineBreak(r) // never written plain, though readers would fold it
	}
}

// spoilsSingleQuotes reports whether the character at i would be lost or
// refused in single quotes, which hold printable ASCII and lose blanks around
// a line break.
func spoilsSingleQuotes(runes []rune, i int) bool {
	r := runes[i]
	if r != '\n' && (r < ' ' || r > '~') {
		return true
	}
	if i == 0 {
		return false
	}
	before := runes[i-1]
	return r == '\n' && before == ' ' || r == ' ' && isLineBreak(before)
}

func isLineBreak(r rune) bool {
	return strings.ContainsRune(lineBreaks, r)
}

// isSimpleKey reports whether the scalar as a key is followed by its colon in
// the same line.
func (s scalar) isSimpleKey() bool {
	return s.text != "" && !s.multiline && tagLength+utf8.RuneCountInString(s.text) < maxSimpleKey
}
