// Package custom is the way in for flavors this provider has never heard of: mlstacks_flavor describes one by a JSON
// Schema, and the nested attribute `custom` of every component uses it.
package custom

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// errNoNetwork is why a schema cannot refer to another document: a plan must not depend on the network.
var errNoNetwork = errors.New("schemas are self-contained: a $ref leads to a place in the same document, never to another one")

type noLoader struct{}

func (noLoader) Load(string) (any, error) { return nil, errNoNetwork }

// SchemaError says why a text is not a JSON Schema, and where.
type SchemaError struct {
	// Line counts from 1 in the schema's text.
	Line int
	// Reason is a sentence without a full stop.
	Reason string
}

// Error returns line and reason.
func (e *SchemaError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

const schemaURL = "config_schema.json"

// compile reads a JSON Schema of draft 2020-12. Its error is a *SchemaError.
func compile(text string) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, syntaxError(text, err)
	}

	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseLoader(noLoader{})

	if err := compiler.AddResource(schemaURL, document); err != nil {
		return nil, &SchemaError{Line: 1, Reason: err.Error()}
	}

	schema, err := compiler.Compile(schemaURL)
	if err == nil {
		return schema, nil
	}

	var (
		invalid *jsonschema.SchemaValidationError
		refused *jsonschema.ValidationError
	)

	if errors.As(err, &invalid) && errors.As(invalid.Err, &refused) {
		leaf := leaves(refused)[0]

		return nil, &SchemaError{
			Line:   lineOf(text, leaf.InstanceLocation),
			Reason: fmt.Sprintf("%s: %s", pointer(leaf.InstanceLocation), reason(leaf)),
		}
	}

	return nil, &SchemaError{Line: 1, Reason: strings.ReplaceAll(err.Error(), "file://", "")}
}

func syntaxError(text string, err error) error {
	offset := int64(len(text))

	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = syntax.Offset
	}

	line := 1 + strings.Count(text[:min(int(offset), len(text))], "\n")

	return &SchemaError{Line: line, Reason: "not JSON: " + err.Error()}
}

// leaves are the objections without causes of their own: those that name the value at fault.
func leaves(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return []*jsonschema.ValidationError{err}
	}

	var all []*jsonschema.ValidationError
	for _, cause := range err.Causes {
		all = append(all, leaves(cause)...)
	}

	// The deepest first: it says most about the slip.
	slices.SortStableFunc(all, func(a, b *jsonschema.ValidationError) int {
		return len(b.InstanceLocation) - len(a.InstanceLocation)
	})

	return all
}

func reason(err *jsonschema.ValidationError) string {
	return err.ErrorKind.LocalizedString(message.NewPrinter(language.English))
}

func pointer(location []string) string {
	if len(location) == 0 {
		return "the schema"
	}

	return "/" + strings.Join(location, "/")
}

// lineOf finds the line at which the value at a JSON pointer begins.
func lineOf(text string, location []string) int {
	decoder := json.NewDecoder(strings.NewReader(text))
	offset := seek(decoder, location)

	return 1 + strings.Count(text[:min(int(offset), len(text))], "\n")
}

// seek reads up to the value at location and returns the offset at which its key or value ends to be announced.
func seek(decoder *json.Decoder, location []string) int64 {
	token, err := decoder.Token()
	if err != nil || len(location) == 0 {
		return decoder.InputOffset()
	}

	switch token {
	case json.Delim('{'):
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				break
			}

			if key == location[0] {
				if len(location) == 1 {
					return decoder.InputOffset()
				}

				return seek(decoder, location[1:])
			}

			skip(decoder)
		}
	case json.Delim('['):
		for i := 0; decoder.More(); i++ {
			if strconv.Itoa(i) == location[0] {
				return seek(decoder, location[1:])
			}

			skip(decoder)
		}
	}

	return decoder.InputOffset()
}

func skip(decoder *json.Decoder) {
	var ignored json.RawMessage

	_ = decoder.Decode(&ignored) // an error shows again at the next read
}
