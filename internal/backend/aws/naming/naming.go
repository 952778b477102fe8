// Package naming knows which names, tags, ARNs, regions and versions AWS takes. It is plain data and asks nobody, so that a
// plan can say what is wrong before anything is made.
//
// A function that judges a value returns "" when AWS takes it, and otherwise one sentence that says what is wrong and what is
// allowed.
package naming

import (
	"fmt"
	"regexp"
	"unicode/utf8"
)

// rule is what AWS asks of one kind of name.
type rule struct {
	// what is the name's kind, as it begins a sentence.
	what string
	// min and max are lengths in characters.
	min, max int
	// char is what every single character matches.
	char *regexp.Regexp
	// shape is what the whole name matches; nil where any order of characters will do.
	shape *regexp.Regexp
	// allowed says in words what char and shape say.
	allowed string
}

// judge says what is wrong with a name: its length, a character of it, or the order of its characters.
func (r rule) judge(name string) string {
	if name == "" && r.min > 0 {
		return fmt.Sprintf("%s is empty: it has %d to %d characters, %s.", r.what, r.min, r.max, r.allowed)
	}

	if n := utf8.RuneCountInString(name); n < r.min || n > r.max {
		return fmt.Sprintf("%s %q has %s: it has %d to %d, %s.", r.what, name, characters(n), r.min, r.max, r.allowed)
	}

	for _, char := range name {
		if !r.char.MatchString(string(char)) {
			return fmt.Sprintf("%s %q contains %q: it has %s.", r.what, name, string(char), r.allowed)
		}
	}

	if r.shape != nil && !r.shape.MatchString(name) {
		return fmt.Sprintf("%s %q is not well-formed: it has %s.", r.what, name, r.allowed)
	}

	return ""
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}

	return fmt.Sprintf("%d characters", n)
}
