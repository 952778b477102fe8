package helm

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

const schemaURL = "values.schema.json"

// compiled are the schemas that were compiled, by their text: a chart's is asked at each look at a release of it.
var compiled sync.Map

// compile reads a schema and fetches nothing: what it refers to elsewhere allows everything.
func compile(text []byte) (*jsonschema.Schema, error) {
	if known, ok := compiled.Load(string(text)); ok {
		return known.(*jsonschema.Schema), nil //nolint:errcheck,forcetypeassert // nothing else is stored
	}

	schema, err := compileAnew(text)
	if err == nil {
		compiled.Store(string(text), schema)
	}

	return schema, err
}

func compileAnew(text []byte) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}

	id := ""

	if root, ok := document.(map[string]any); ok {
		id, _ = root["$id"].(string)
	}

	dropForeign(document, strings.TrimSuffix(id, "#"))

	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(nowhere{})

	if err := compiler.AddResource(schemaURL, document); err != nil {
		return nil, err
	}

	return compiler.Compile(schemaURL)
}

// dropForeign removes references that lead out of a document.
func dropForeign(node any, id string) {
	switch node := node.(type) {
	case map[string]any:
		if ref, ok := node["$ref"].(string); ok && !strings.HasPrefix(ref, "#") &&
			(id == "" || !strings.HasPrefix(ref, id+"#")) {
			delete(node, "$ref")
		}

		for _, below := range node {
			dropForeign(below, id)
		}
	case []any:
		for _, below := range node {
			dropForeign(below, id)
		}
	}
}

// nowhere is where schemas are fetched from.
type nowhere struct{}

// Load is for the compiler.
func (nowhere) Load(url string) (any, error) {
	return nil, fmt.Errorf("load %s: %w", url, errors.ErrUnsupported)
}

// verdict collects what is wrong whatever the unknown turns out to be.
type verdict struct {
	unknown  [][]string
	problems []Problem
}

// conditional are the keywords below which a schema counts only because of other values.
var conditional = []string{"/then", "/else", "/dependentSchemas/", "/dependencies/"}

func (v *verdict) collect(e *jsonschema.ValidationError, depends bool) {
	depends = depends || slices.ContainsFunc(conditional, func(keyword string) bool {
		return strings.Contains(e.SchemaURL, keyword)
	})

	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.Contains, *kind.MinContains, *kind.MaxContains, *kind.PropertyNames:
		// What is below is wrong only if the rest of it is, too.
	default:
		if len(e.Causes) > 0 {
			for _, cause := range e.Causes {
				v.collect(cause, depends)
			}

			return
		}
	}

	if text, ok := v.certain(e, depends); ok {
		v.problems = append(v.problems, Problem{Path: slices.Clone(e.InstanceLocation), Message: text})
	}
}

// certain says what is wrong, if that does not hang on anything unknown.
func (v *verdict) certain(e *jsonschema.ValidationError, depends bool) (string, bool) {
	if depends && len(v.unknown) > 0 {
		return "", false
	}

	below := false

	for _, path := range v.unknown {
		if within(e.InstanceLocation, path) {
			return "", false
		}

		below = below || within(path, e.InstanceLocation)
	}

	if !below {
		return describe(e), true
	}

	switch wrong := e.ErrorKind.(type) {
	case *kind.Type, *kind.Required:
		return describe(e), true
	case *kind.AdditionalProperties:
		// What is unknown may be null, and then it is not there.
		names := slices.DeleteFunc(slices.Clone(wrong.Properties), func(name string) bool {
			child := append(slices.Clone(e.InstanceLocation), name)

			return slices.ContainsFunc(v.unknown, func(path []string) bool { return slices.Equal(path, child) })
		})
		if len(names) == 0 {
			return "", false
		}

		return say(&kind.AdditionalProperties{Properties: names}), true
	default:
		return "", false
	}
}

// describe words an error; of alternatives it says why each is none.
func describe(e *jsonschema.ValidationError) string {
	text := say(e.ErrorKind)

	var reasons []string

	for _, cause := range e.Causes {
		reason := describe(cause)
		if len(cause.InstanceLocation) > len(e.InstanceLocation) {
			reason = strings.Join(cause.InstanceLocation[len(e.InstanceLocation):], ".") + ": " + reason
		}

		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}

	if len(reasons) == 0 {
		return text
	}

	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf:
		return "none of the alternatives fits: " + strings.Join(reasons, "; or ")
	case *kind.Group, *kind.Reference, *kind.AllOf, *kind.Schema:
		return strings.Join(reasons, ", and ")
	default:
		return text + ": " + strings.Join(reasons, ", and ")
	}
}

// say words one error. What a text is stays out of it: somebody may have put a secret there.
func say(wrong jsonschema.ErrorKind) string {
	switch is := wrong.(type) {
	case *kind.AdditionalProperties:
		wrong = &kind.AdditionalProperties{Properties: slices.Sorted(slices.Values(is.Properties))}
	case *kind.Pattern:
		return "does not match " + is.Want
	case *kind.Format:
		return "is not a valid " + is.Want
	}

	return wrong.LocalizedString(message.NewPrinter(language.English))
}
