// Package page draws a stack as one HTML page that needs nothing else: no network, no script, no font. It knows neither
// Terraform nor the catalog; what it shows is handed to it.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"unicode"
)

// Stack is what a page shows. Any text may hold anything: it is escaped, and passwords in addresses are blotted out.
type Stack struct {
	// Name is the stack's name.
	Name string
	// Components are in the order of the stack's slots.
	Components []Component
	// Findings are the objections to the stack, errors first.
	Findings []Finding
	// Secrets must exist in ZenML: "name.key" for one value, "name" for a secret that is taken whole.
	Secrets []string
	// Environment holds the variables that a client needs, by name.
	Environment map[string]string
	// Mermaid is the diagram as a Mermaid flowchart.
	Mermaid string
	// ZenML is the version of ZenML that the stack is for, such as "0.98.0".
	ZenML string
}

// Component is one part of a stack.
type Component struct {
	// Slot is how the stack calls the place: "artifact_store", "additional_alerters[0]".
	Slot string
	// Kind is the kind of component, such as "artifact_store"; Name and Flavor are the component's own.
	Kind, Name, Flavor string
	// Pipelines says that it runs the pipelines, which use the other components.
	Pipelines bool
	// Place is where it runs.
	Place Place
	// URI is its address; empty where it has none.
	URI string
	// Amazon says that an address s3://… is one in Amazon S3, and not in another server that speaks its language; Region is
	// where, as far as that is known.
	Amazon bool
	Region string
	// Connector is ZenML's name of the service connector that it uses; empty where it uses none.
	Connector string
}

// Place is where components run. Those with equal places share a box.
type Place struct {
	// Label names it for people.
	Label string
	// Tone is its color.
	Tone Tone
}

// Tone is one of the colors that tell places apart.
type Tone string

// The tones.
const (
	Gray   Tone = "gray"
	Blue   Tone = "blue"
	Amber  Tone = "amber"
	Violet Tone = "violet"
	Teal   Tone = "teal"
)

// Finding is an objection to a stack.
type Finding struct {
	// Rule is the id of the rule.
	Rule string
	// Error says that the stack cannot work; otherwise it is a warning.
	Error bool
	// Waived says that the stack waives the rule.
	Waived bool
	// Slot is the slot of the component that the rule is about; empty where it is about the whole.
	Slot string
	// Message is the fact, Because the reason and Fix what to do; the last two may be empty.
	Message, Because, Fix string
}

//go:embed page.html.tmpl
var source string

//go:embed style.css
var rawStyle string

// style is the style sheet without comments and indentation; the page allows it by its hash.
var style = sync.OnceValue(func() string {
	lines := []string{}

	for line := range strings.Lines(rawStyle) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "/*") {
			lines = append(lines, line)
		}
	}

	return strings.Join(lines, "\n")
})

// policy forbids everything but the style sheet and the icon, which is in the page itself.
var policy = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(style()))

	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'"
})

var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{
		"style":   func() template.CSS { return template.CSS(style()) }, //nolint:gosec // our own text
		"policy":  policy,
		"picture": func(id string, d drawing) picture { return picture{id, d} },
	}).Parse(source)
})

// picture is a drawing with the id that its elements begin with.
type picture struct {
	ID string
	D  drawing
}

// Render returns the page: the same bytes for the same stack.
func Render(s Stack) (string, error) {
	t, err := parsed()
	if err != nil {
		return "", fmt.Errorf("parse the page's template: %w", err)
	}

	var b bytes.Buffer
	if err := t.Execute(&b, look(s)); err != nil {
		return "", fmt.Errorf("write the page of stack %q: %w", s.Name, err)
	}

	return strings.Map(visible, b.String()), nil
}

// visible takes the place of characters that turn the order of others around, so that "exe.jpg" may be "gpj.exe". Texts
// from right to left need none of them.
func visible(r rune) rune {
	if (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') {
		return unicode.ReplacementChar
	}

	return r
}
