// Package custom is the way in for flavors this provider has never heard of: mlstacks_flavor describes one by a JSON
// Schema, and the nested attribute `custom` of every component uses it.
package custom

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// errNoNetwork is why a schema cannot refer to another document: a plan must not depend on the network.
var errNoNetwork = errors.New("schemas are self-contained: $ref leads to a place in the same document, and $schema names a draft of JSON Schema")

type noLoader struct{}

// Load refuses every document.
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

// documentURL stands for the schema's text where the library wants an address. It is a full one: anything else would be
// completed with the working directory.
const documentURL = "config:///schema.json"

// maxCompiled bounds how many schemas are kept: more than a configuration has, and few enough to hold.
const maxCompiled = 64

// compiled keeps schemas by their text: Terraform validates each component several times, and each would compile the
// schema of its flavor again.
type compiled struct {
	lock   sync.Mutex
	byText map[string]func() (*jsonschema.Schema, error)
}

var schemas compiled

// compile reads a JSON Schema of draft 2020-12. Its error is a *SchemaError.
func compile(text string) (*jsonschema.Schema, error) { return schemas.compile(text) }

func (c *compiled) compile(text string) (*jsonschema.Schema, error) { return c.reader(text)() }

// reader returns what compiles a text once, outside of the lock.
func (c *compiled) reader(text string) func() (*jsonschema.Schema, error) {
	c.lock.Lock()
	defer c.lock.Unlock()

	read, ok := c.byText[text]
	if !ok {
		if c.byText == nil || len(c.byText) >= maxCompiled {
			c.byText = map[string]func() (*jsonschema.Schema, error){}
		}

		read = sync.OnceValues(func() (*jsonschema.Schema, error) { return read2020(text) })
		c.byText[text] = read
	}

	return read
}

func read2020(text string) (*jsonschema.Schema, error) {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, syntaxError(text, err)
	}

	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	compiler.UseLoader(noLoader{})

	if err := compiler.AddResource(documentURL, document); err != nil {
		return nil, resolveError(text, err)
	}

	schema, err := compiler.Compile(documentURL)
	if err == nil {
		return schema, nil
	}

	var (
		invalid *jsonschema.SchemaValidationError
		refused *jsonschema.ValidationError
	)

	if errors.As(err, &invalid) && errors.As(invalid.Err, &refused) {
		leaf := leaves(refused)[0]
		at := place(leaf, document)

		return nil, &SchemaError{
			Line:   lineOf(text, at),
			Reason: fmt.Sprintf("%s: %s", pointer(at), reason(leaf)),
		}
	}

	return nil, resolveError(text, err)
}

// resolveError is for a reference that leads nowhere: its line is the one that the reference stands on.
func resolveError(text string, err error) error {
	said := strings.ReplaceAll(err.Error(), documentURL, "")
	said = strings.ReplaceAll(said, strings.TrimSuffix(documentURL, "schema.json"), "")
	said = strings.TrimSuffix(said, ` in schema ""`)

	for _, quoted := range quotedPattern.FindAllStringSubmatch(said, -1) {
		target, _, _ := strings.Cut(quoted[1], "#")
		for _, candidate := range []string{quoted[1], target} {
			if at := strings.Index(text, `"`+candidate); candidate != "" && at >= 0 {
				return &SchemaError{Line: lineAt(text, at), Reason: said}
			}
		}
	}

	return &SchemaError{Line: 1, Reason: said}
}

var quotedPattern = regexp.MustCompile(`"([^"]+)"`)

func syntaxError(text string, err error) error {
	offset := len(text)

	// The standard library knows the place of every error.
	if syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal([]byte(text), new(any))); ok {
		offset, err = int(syntax.Offset), syntax
	}

	return &SchemaError{Line: lineAt(strings.TrimRight(text, " \t\r\n"), offset), Reason: "not JSON: " + err.Error()}
}

// lineAt is the line of a byte, counted from 1.
func lineAt(text string, offset int) int {
	return 1 + strings.Count(text[:min(offset, len(text))], "\n")
}

// leaves are the objections without causes of their own, those that name the value at fault; the deepest first.
func leaves(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if isLeaf(err) {
		return []*jsonschema.ValidationError{err}
	}

	var all []*jsonschema.ValidationError
	for _, cause := range err.Causes {
		all = append(all, leaves(cause)...)
	}

	slices.SortStableFunc(all, func(a, b *jsonschema.ValidationError) int {
		return deepestFirst(a.InstanceLocation, b.InstanceLocation)
	})

	return all
}

// isLeaf says that an error names the value at fault. The causes of a key's name are about the name as a text of its own.
func isLeaf(err *jsonschema.ValidationError) bool {
	_, name := err.ErrorKind.(*kind.PropertyNames)

	return name || len(err.Causes) == 0
}

// place is the path to the value at fault: for a key's name, the key.
func place(leaf *jsonschema.ValidationError, in any) []string {
	name, ok := leaf.ErrorKind.(*kind.PropertyNames)
	if !ok {
		return leaf.InstanceLocation
	}

	at := slices.Concat(leaf.InstanceLocation, []string{name.Property})

	all := keys(in, len(leaf.InstanceLocation), name.Property)
	if len(all) > 0 && !slices.ContainsFunc(all, func(one []string) bool { return slices.Equal(one, at) }) {
		return all[0]
	}

	return at
}

// keys are the paths to a key at a depth, in order. The library does not copy the location of a key's name, so that other
// locations overwrite it at random: only its length can be relied on.
func keys(in any, depth int, key string) [][]string {
	if depth < 0 {
		return nil
	}

	var all [][]string

	below := func(step string, child any) {
		for _, path := range keys(child, depth-1, key) {
			all = append(all, slices.Concat([]string{step}, path))
		}
	}

	switch in := in.(type) {
	case map[string]any:
		if _, ok := in[key]; ok && depth == 0 {
			return [][]string{{key}}
		}

		for step, child := range in {
			below(step, child)
		}
	case []any:
		for i, child := range in {
			below(strconv.Itoa(i), child)
		}
	}

	slices.SortFunc(all, slices.Compare[[]string])

	return all
}

func reason(err *jsonschema.ValidationError) string {
	switch err.ErrorKind.(type) {
	case *kind.FalseSchema:
		return "the schema allows no value here"
	case *kind.PropertyNames:
		if len(err.Causes) > 0 {
			return "not a name for a key: " + reason(leaves(err.Causes[0])[0])
		}
	}

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

	return lineAt(text, int(seek(decoder, location)))
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
