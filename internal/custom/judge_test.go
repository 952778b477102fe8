package custom

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

type conf = map[string]any

// later is a value that only apply can tell.
var later = zenml.Unknown{}

// judged lists the objections of a schema as "path: reason".
func judged(t *testing.T, schema string, configuration conf) []string {
	t.Helper()

	compiled, err := compile(schema)
	if err != nil {
		t.Fatal(err)
	}

	said := []string{}
	for _, o := range judge(compiled, configuration) {
		said = append(said, strings.Join(o.path, ".")+": "+o.reason)
	}

	return said
}

// kindOrSize are two alternatives behind references: which of them holds depends on size.
const kindOrSize = `"$defs": {
  "a": {"properties": {"kind": {"const": "a"}}},
  "b": {"properties": {"kind": {"const": "b"}, "size": {"type": "integer"}}}
}`

func TestJudge_DefersWhatAnUnknownPartMayAnswer(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		schema string
		config conf
	}{
		"anyOf of references": {
			`{` + kindOrSize + `, "anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}`,
			conf{"kind": "b", "size": later},
		},
		"oneOf of references": {
			`{` + kindOrSize + `, "oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}`,
			conf{"kind": "b", "size": later},
		},
		"anyOf of two objections each": {
			`{"anyOf": [
			  {"properties": {"kind": {"const": "a"}, "zone": {"const": "1"}}},
			  {"properties": {"size": {"type": "integer"}, "zone": {"const": "2"}}}
			]}`,
			conf{"kind": "b", "size": later, "zone": "2"},
		},
		"anyOf behind allOf and a reference": {
			`{` + kindOrSize + `, "allOf": [{"$ref": "#/$defs/either"}],
			  "$defs": {
			    "a": {"properties": {"kind": {"const": "a"}}},
			    "b": {"properties": {"kind": {"const": "b"}, "size": {"type": "integer"}}},
			    "either": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}
			  }}`,
			conf{"kind": "b", "size": later},
		},
		"alternatives with identifiers of their own": {
			`{"anyOf": [{"$id": "https://example.com/a", "properties": {"kind": {"const": "a"}}}, {"$ref": "https://example.com/b"}],
			  "$defs": {"b": {"$id": "https://example.com/b", "properties": {"kind": {"const": "b"}, "size": {"type": "integer"}}}}}`,
			conf{"kind": "b", "size": later},
		},
		"alternatives by anchor": {
			`{"anyOf": [{"$ref": "#a"}, {"$dynamicRef": "#b"}],
			  "$defs": {"a": {"$anchor": "a", "properties": {"kind": {"const": "a"}}},
			    "b": {"$dynamicAnchor": "b", "properties": {"kind": {"const": "b"}, "size": {"type": "integer"}}}}}`,
			conf{"kind": "b", "size": later},
		},
		"else by reference": {
			`{` + kindOrSize + `, "if": {"properties": {"size": {"type": "integer"}}}, "else": {"$ref": "#/$defs/a"}}`,
			conf{"kind": "b", "size": later},
		},
		"then by reference": {
			`{` + kindOrSize + `, "if": {"properties": {"size": {"type": "string"}}}, "then": {"$ref": "#/$defs/a"}}`,
			conf{"kind": "b", "size": later},
		},
		"else in place": {
			`{"if": {"properties": {"size": {"type": "integer"}}}, "else": {"properties": {"kind": {"const": "a"}}}}`,
			conf{"kind": "b", "size": later},
		},
		"else deep inside": {
			`{"properties": {"then": {"if": {"properties": {"size": {"type": "integer"}}}, "else": {"properties": {"kind": {"const": "a"}}}}}}`,
			conf{"then": conf{"kind": "b", "size": later}},
		},
		"unevaluated properties": {
			`{
			  "properties": {"mode": {"type": "string"}},
			  "if": {"properties": {"mode": {"const": "big"}}},
			  "then": {"properties": {"size": {"type": "integer"}}},
			  "else": {"properties": {"zone": {"type": "string"}}},
			  "unevaluatedProperties": false
			}`,
			conf{"mode": later, "size": int64(3)},
		},
		"unevaluated properties by reference": {
			`{
			  "properties": {"mode": {"type": "string"}},
			  "if": {"properties": {"mode": {"const": "big"}}},
			  "then": {"properties": {"size": {"type": "integer"}}},
			  "unevaluatedProperties": {"$ref": "#/$defs/none"},
			  "$defs": {"none": false}
			}`,
			conf{"mode": later, "size": int64(3)},
		},
		"unevaluated items": {
			`{"properties": {"l": {
			  "if": {"prefixItems": [{"const": "x"}]}, "then": {"prefixItems": [true, {"type": "integer"}]}, "unevaluatedItems": false
			}}}`,
			conf{"l": []any{later, int64(1)}},
		},
		"contains": {
			`{"properties": {"l": {"contains": {"$ref": "#/$defs/x"}}}, "$defs": {"x": {"const": "x"}}}`,
			conf{"l": []any{"a", later}},
		},
		"at least two": {
			`{"properties": {"l": {"contains": {"const": "x"}, "minContains": 2}}}`,
			conf{"l": []any{"x", later, "a"}},
		},
		"not": {
			`{"not": {"properties": {"size": {"type": "string"}}}}`,
			conf{"size": later},
		},
		"dependent schema of a key that may be null": {
			`{"dependentSchemas": {"size": {"$ref": "#/$defs/a"}}, ` + kindOrSize + `}`,
			conf{"kind": "b", "size": later},
		},
		"dependent keys of a key that may be null": {
			`{"dependentRequired": {"size": ["zone"]}}`,
			conf{"size": later},
		},
		"dependencies of an older draft": {
			`{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"size": {"required": ["zone"]}, "area": ["zone"]}}`,
			conf{"size": later, "area": later},
		},
		"key that may be null where none is allowed": {
			`{"additionalProperties": false}`,
			conf{"typo": later},
		},
		"name of a key that may be null": {
			`{"propertyNames": {"maxLength": 3}}`,
			conf{"typo": later},
		},
		"number of keys of which one may be null": {
			`{"maxProperties": 1}`,
			conf{"a": int64(1), "b": later},
		},
		"object with an unknown part against a constant": {
			`{"properties": {"o": {"const": {"a": "x"}}, "e": {"enum": [{"a": "x"}]}}}`,
			conf{"o": conf{"a": later}, "e": conf{"a": later}},
		},
		"unknown value":                   {`{"properties": {"n": {"type": "integer"}}}`, conf{"n": later}},
		"unknown object":                  {`{"properties": {"o": {"type": "object", "required": ["a"]}}}`, conf{"o": later}},
		"unknown item":                    {`{"properties": {"l": {"items": {"type": "integer"}}}}`, conf{"l": []any{int64(1), later}}},
		"unknown item of a tuple":         {`{"properties": {"l": {"prefixItems": [{"type": "integer"}]}}}`, conf{"l": []any{later}}},
		"unknown value of a pattern":      {`{"patternProperties": {"^n_": {"type": "integer"}}}`, conf{"n_a": later}},
		"unknown additional value":        {`{"additionalProperties": {"type": "integer"}}`, conf{"a": later}},
		"unknown value by reference":      {`{"properties": {"n": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "integer"}}}`, conf{"n": later}},
		"unique items":                    {`{"properties": {"l": {"uniqueItems": true}}}`, conf{"l": []any{later, later}}},
		"required key that is unknown":    {`{"required": ["a"]}`, conf{"a": later}},
		"reference to a secret":           {`{"properties": {"u": {"type": "string", "format": "uri", "pattern": "^s3://", "enum": ["s3://a"]}}}`, conf{"u": "{{store.uri}}"}},
		"alternative for a secret":        {`{"anyOf": [{"properties": {"k": {"const": "a"}, "u": true}}, {"properties": {"u": {"pattern": "^s3"}}}]}`, conf{"k": "b", "u": "{{s.u}}"}},
		"condition on a secret":           {`{"if": {"properties": {"u": {"const": "x"}}}, "else": {"required": ["k"]}}`, conf{"u": "{{s.u}}"}},
		"place named by its own keywords": {`{"x": {"properties": {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}}, "$ref": "#/x/properties"}`, conf{"a": later}},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for range 10 { // properties are visited in any order
				if said := judged(t, c.schema, c.config); len(said) > 0 {
					t.Fatalf("refused a configuration that can work: %q", said)
				}
			}
		})
	}
}

func TestJudge_RefusesWhatNoUnknownPartCanAnswer(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		schema string
		config conf
		want   []string
	}{
		"value beside an unknown one": {
			`{"properties": {"n": {"minimum": 1}}}`,
			conf{"n": int64(0), "x": later},
			[]string{"n: minimum: got 0, want 1"},
		},
		"value behind references": {
			`{"properties": {"n": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"allOf": [{"$ref": "#/$defs/m"}]}, "m": {"minimum": 1}}}`,
			conf{"n": int64(0), "x": later},
			[]string{"n: minimum: got 0, want 1"},
		},
		"keys called like keywords": {
			`{"properties": {"if": {"properties": {"anyOf": {"minimum": 1}}}, "not": {"minimum": 1}}, "$defs": {"then": {"properties": {"else": {"minimum": 1}}}}, "$ref": "#/$defs/then"}`,
			conf{"if": conf{"anyOf": int64(0)}, "not": int64(0), "else": int64(0), "x": later},
			[]string{"if.anyOf: minimum: got 0, want 1", "else: minimum: got 0, want 1", "not: minimum: got 0, want 1"},
		},
		"pattern called like a keyword": {
			`{"patternProperties": {"contains": {"minimum": 1}}}`,
			conf{"contains": int64(0), "x": later},
			[]string{"contains: minimum: got 0, want 1"},
		},
		"reference into an alternative": {
			`{"properties": {"n": {"$ref": "#/$defs/x/anyOf/0"}}, "$defs": {"x": {"anyOf": [{"minimum": 1}]}}}`,
			conf{"n": int64(0), "x": later},
			[]string{"n: minimum: got 0, want 1"},
		},
		"alternatives of a value that is known": {
			`{"properties": {"o": {"anyOf": [{"properties": {"a": {"const": "x"}}}, {"properties": {"b": {"const": "y"}}}]}}}`,
			conf{"o": conf{"a": "1", "b": "2"}, "x": later},
			[]string{"o.a: value must be 'x'", "o.b: value must be 'y'"},
		},
		"condition on a value that is known": {
			`{"properties": {"o": {"if": {"properties": {"a": {"const": "x"}}}, "then": {"properties": {"b": {"const": "y"}}}}}}`,
			conf{"o": conf{"a": "x", "b": "2"}, "x": later},
			[]string{"o.b: value must be 'y'"},
		},
		"missing key": {`{"required": ["a"]}`, conf{"x": later}, []string{": missing: a"}},
		"missing dependent key": {
			`{"dependentRequired": {"a": ["b"]}}`,
			conf{"a": conf{"x": later}},
			[]string{": properties 'b' required, if 'a' exists"},
		},
		"keys that are none": {
			`{"properties": {"a": true}, "additionalProperties": false}`,
			conf{"c": int64(1), "b": conf{"x": later}, "later": later, "a": later},
			[]string{"b: the schema has no such key", "c: the schema has no such key"},
		},
		"too many items":  {`{"properties": {"l": {"maxItems": 1}}}`, conf{"l": []any{later, later}}, []string{"l: maxItems: got 2, want 1"}},
		"list for a text": {`{"properties": {"t": {"type": "string"}}}`, conf{"t": []any{later}}, []string{"t: got array, want string"}},
		"text of a secret for a number": {
			`{"properties": {"n": {"type": "integer"}}}`,
			conf{"n": "{{s.n}}"},
			[]string{"n: got string, want integer"},
		},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for range 10 {
				if said := judged(t, c.schema, c.config); !slices.Equal(said, c.want) {
					t.Fatalf("got  %q\nwant %q", said, c.want)
				}
			}
		})
	}
}

func TestJudge_KnownConfigurations(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		schema string
		config conf
		want   []string
	}{
		"allowed":         {`{"properties": {"a": {"type": "integer"}}}`, conf{"a": int64(1)}, nil},
		"null is absent":  {`{"properties": {"a": {"type": "integer"}}, "additionalProperties": false}`, conf{"a": nil, "b": nil}, nil},
		"null is missing": {`{"required": ["a"]}`, conf{"a": nil}, []string{": missing: a"}},
		"format": {
			`{"properties": {"u": {"format": "uri"}, "d": {"format": "date"}}}`,
			conf{"u": "not a uri", "d": "2026-13-01"},
			[]string{"d: '2026-13-01' is not valid date: parsing time \"2026-13-01\": month out of range", "u: 'not a uri' is not valid uri: relative url"},
		},
		"unknown keys, each at its own path": {
			`{"properties": {"o": {"additionalProperties": false}}, "additionalProperties": false}`,
			conf{"b": "x", "a": "x", "o": conf{"c": "x"}},
			[]string{"o.c: the schema has no such key", "a: the schema has no such key", "b: the schema has no such key"},
		},
		"deepest first": {
			`{"required": ["z"], "properties": {"l": {"items": {"properties": {"n": {"minimum": 1}}}}, "t": {"type": "string"}}}`,
			conf{"l": []any{conf{"n": int64(1)}, conf{"n": int64(0)}}, "t": int64(1)},
			[]string{"l.1.n: minimum: got 0, want 1", "t: got number, want string", ": missing: z"},
		},
		"name of a key": {
			`{"properties": {"o": {"propertyNames": {"maxLength": 3}}}}`,
			conf{"o": conf{"long_name": "x"}},
			[]string{"o.long_name: not a name for a key: maxLength: got 9, want 3"},
		},
		"alternatives": {`{"not": {"required": ["a"]}}`, conf{"a": "x"}, []string{": 'not' failed"}},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for range 10 {
				if said := judged(t, c.schema, c.config); !slices.Equal(said, c.want) {
					t.Fatalf("got  %q\nwant %q", said, c.want)
				}
			}
		})
	}
}
