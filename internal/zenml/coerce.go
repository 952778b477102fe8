package zenml

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// secretReference is ZenML's way to say "the value stands in a secret": {{name.key}}.
var secretReference = regexp.MustCompile(`^\{\{\s*\S+?\.\S+\s*\}\}$`)

var userInfo = regexp.MustCompile(`://[^/@\s"]+@`)

// IsSecretReference tells whether v is a {{name.key}} reference.
func IsSecretReference(v any) bool {
	text, ok := v.(string)
	return ok && secretReference.MatchString(text)
}

// fault is one thing wrong within a value. Its message never shows the value of a secret.
type fault struct {
	path    []string
	rule    string
	message string
	fix     string
}

// Error returns the objection with the place it is about.
func (f fault) Error() string {
	if len(f.path) == 0 {
		return f.message
	}
	return strings.Join(f.path, ".") + ": " + f.message
}

// Coerce gives what ZenML makes of a value: text becomes a boolean or number where the field wants one, and JSON
// text becomes a list, map or object. A {{secret.key}} reference passes where the field allows one; Unknown passes
// everywhere. The error says everything that is wrong and shows no secret.
func (f Field) Coerce(v any) (any, error) {
	value, faults := f.coerce(v)
	if len(faults) > 0 {
		errs := make([]error, len(faults))
		for i := range faults {
			errs[i] = faults[i]
		}
		return nil, fmt.Errorf("field %q: %w", f.Name, errors.Join(errs...))
	}
	return value, nil
}

func (f Field) coerce(v any) (any, []fault) {
	if IsSecretReference(v) {
		if !f.SecretReference {
			return nil, []fault{{
				rule: ruleSecretReference, message: "ZenML checks this field and so takes no {{secret.key}} reference in it",
				fix: "Give the value itself.",
			}}
		}
		if !f.takesText() {
			return nil, []fault{{
				rule: ruleSecretReference, message: "a {{secret.key}} reference is text, which this field does not take",
				fix: "Give the value itself.",
			}}
		}
		text, _ := v.(string)
		return v, f.textFaults(text)
	}
	complete := false
	if text, ok := v.(string); ok {
		if target, ok := f.jsonTarget(); ok {
			parsed, err := decodeJSON(text)
			if err != nil {
				return nil, []fault{{
					rule: RuleWrongValue, message: fmt.Sprintf("%s is not JSON, which text for a %s must be", f.show(text), target.Type),
					fix: "Write it with jsonencode(…).",
				}}
			}
			v, complete = parsed, target.Type == "object"
		}
	}
	c := converter{secret: f.Secret, complete: complete}
	value := c.convert(f, v, nil)
	return value, c.faults
}

// takesText tells whether a plain text can be a value of the field.
func (f Field) takesText() bool {
	switch f.Type {
	case "string", "any":
		return true
	case "union":
		return slices.ContainsFunc(f.AnyOf, Field.takesText)
	default:
		return false
	}
}

// jsonTarget is the type whose JSON ZenML reads from a text, if it does so for this field: lists, maps and objects,
// and the first member of a nullable union unless that union takes text as it is.
func (f Field) jsonTarget() (Field, bool) {
	if f.Type == "union" && f.Nullable && !slices.ContainsFunc(f.AnyOf, func(m Field) bool { return m.Type == "string" }) {
		return f.AnyOf[0].jsonTarget()
	}
	switch f.Type {
	case "list", "map", "object":
		return f, true
	default:
		return Field{}, false
	}
}

func decodeJSON(text string) (any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("decode: more than one value")
	}
	return v, nil
}

// converter walks a value beside the field that describes it and collects what does not fit.
type converter struct {
	secret   bool
	complete bool // fill in the defaults of objects, as ZenML does for an object given as JSON text
	faults   []fault
}

func (c *converter) refuse(path []string, format string, args ...any) any {
	c.faults = append(c.faults, fault{path: slices.Clone(path), rule: RuleWrongValue, message: fmt.Sprintf(format, args...)})
	return nil
}

func (c *converter) show(v any) string { return Field{Secret: c.secret}.show(v) }

// show gives a value for a message; a secret is never shown.
func (f Field) show(v any) string {
	if f.Secret || HoldsUnknown(v) {
		return "the value"
	}
	var encoded strings.Builder
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false) // people read it
	if err := encoder.Encode(v); err != nil || encoded.Len() > 120 {
		return "the value"
	}
	return userInfo.ReplaceAllString(strings.TrimSuffix(encoded.String(), "\n"), "://…@") // a login in an address is no less secret
}

func (c *converter) convert(f Field, v any, path []string) any {
	if IsUnknown(v) {
		return v
	}
	v = plainNumber(v)
	if v == nil {
		if f.Nullable || f.Type == "any" {
			return nil
		}
		return c.refuse(path, "null is not allowed here; a value of type %s is wanted", f.Type)
	}
	switch f.Type {
	case "any":
		return plainNumbers(v)
	case "string":
		return c.text(f, v, path)
	case "enum":
		if text, ok := v.(string); ok && slices.Contains(f.Values, text) {
			return text
		}
		near, _ := v.(string)
		c.faults = append(c.faults, fault{
			path: slices.Clone(path), rule: RuleWrongValue,
			message: c.show(v) + " is not one of " + strings.Join(f.Values, ", "), fix: oneOf(near, f.Values),
		})
		return nil
	case "bool":
		if b, ok := toBool(v); ok {
			return b
		}
		return c.refuse(path, "%s is neither true nor false", c.show(v))
	case "int":
		return c.number(f, v, path, toInt, "a whole number")
	case "float":
		return c.number(f, v, path, toFloat, "a number")
	case "list":
		return c.list(f, v, path)
	case "tuple":
		return c.tuple(f, v, path)
	case "map":
		return c.mapping(f, v, path)
	case "object":
		return c.object(f, v, path)
	case "union":
		return c.union(f, v, path)
	default:
		return plainNumbers(v)
	}
}

func (c *converter) text(f Field, v any, path []string) any {
	text, ok := v.(string)
	if !ok {
		return c.refuse(path, "%s is not text", c.show(v))
	}
	for _, fault := range f.textFaults(text) {
		fault.path = slices.Clone(path)
		c.faults = append(c.faults, fault)
	}
	return text
}

func (f Field) textFaults(text string) []fault {
	length := utf8.RuneCountInString(text)
	switch b := f.Bounds; {
	case b.MinLength != nil && length < *b.MinLength:
		return []fault{{rule: RuleWrongValue, message: fmt.Sprintf("the text must have at least %d characters", *b.MinLength)}}
	case b.MaxLength != nil && length > *b.MaxLength:
		return []fault{{rule: RuleWrongValue, message: fmt.Sprintf("the text must have at most %d characters", *b.MaxLength)}}
	case f.pattern != nil && !f.pattern.MatchString(text):
		return []fault{{rule: RuleWrongValue, message: fmt.Sprintf("%s does not match %s", f.show(text), b.Pattern)}}
	}
	return nil
}

func (c *converter) number(f Field, v any, path []string, convert func(any) (any, float64, bool), noun string) any {
	value, size, ok := convert(v)
	if !ok {
		return c.refuse(path, "%s is not %s", c.show(v), noun)
	}
	for _, limit := range []struct {
		bound *float64
		words string
		holds bool
	}{
		{f.Bounds.AtLeast, "at least", f.Bounds.AtLeast == nil || size >= *f.Bounds.AtLeast},
		{f.Bounds.Above, "greater than", f.Bounds.Above == nil || size > *f.Bounds.Above},
		{f.Bounds.AtMost, "at most", f.Bounds.AtMost == nil || size <= *f.Bounds.AtMost},
		{f.Bounds.Below, "less than", f.Bounds.Below == nil || size < *f.Bounds.Below},
	} {
		if !limit.holds {
			return c.refuse(path, "%s must be %s %s", c.show(v), limit.words, strconv.FormatFloat(*limit.bound, 'g', -1, 64))
		}
	}
	return value
}
