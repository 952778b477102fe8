package custom

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func TestCompile_SaysWhereASchemaIsNone(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		schema string
		line   int
		says   []string
	}{
		"not JSON": {
			"{\n  \"type\": \"object\",\n  \"properties\": {,}\n}\n", 3,
			[]string{"not JSON", "','"},
		},
		"after empty lines": {"\n\n{,}", 3, []string{"not JSON"}},
		"not finished":      {"{\n  \"type\": \"object\"\n\n\n", 2, []string{"not JSON", "unexpected end"}},
		"empty":             {"", 1, []string{"not JSON", "unexpected end"}},
		"two documents": {
			"{\n}\n{\n}\n", 3,
			[]string{"not JSON", "after top-level value"},
		},
		"no schema": {`"text"`, 1, []string{"the schema: got string, want boolean or object"}},
		"wrong type, deep inside": {
			"{\n  \"type\": \"object\",\n  \"properties\": {\n    \"o\": {\n      \"properties\": {\n        \"path\": {\n          \"type\":\n            \"text\"\n        }\n      }\n    }\n  }\n}\n", 7,
			[]string{"/properties/o/properties/path/type", "'string'"},
		},
		"wrong item": {
			"{\n  \"allOf\": [\n    {},\n    {\n      \"minLength\": -1\n    }\n  ]\n}\n", 5,
			[]string{"/allOf/1/minLength", "minimum: got -1, want 0"},
		},
		"on a single line": {
			`{"properties":{"path":{"type":"text"}},"type":"object"}`, 1,
			[]string{"/properties/path/type"},
		},
		"pattern that is none": {
			"{\n  \"properties\": {\n    \"a\": {\n      \"pattern\": \"[\"\n    }\n  }\n}\n", 4,
			[]string{"/properties/a/pattern", "regex"},
		},
		"key pattern that is none": {
			"{\n  \"properties\": {},\n  \"patternProperties\": {\n    \"[\": {}\n  }\n}\n", 4,
			[]string{"/patternProperties/[", "regex"},
		},
		"reference to another document": {
			"{\n  \"properties\": {\n    \"a\": { \"$ref\": \"https://example.com/a.json#/x\" }\n  }\n}\n", 3,
			[]string{"https://example.com/a.json", "self-contained"},
		},
		"reference to a document beside": {
			"{\n  \"properties\": {\n    \"a\": { \"$ref\": \"other.json#/x\" }\n  }\n}\n", 3,
			[]string{"other.json", "self-contained"},
		},
		"reference to a file": {
			"{\n  \"$ref\": \"file:///etc/hostname\"\n}\n", 2,
			[]string{"/etc/hostname", "self-contained"},
		},
		"reference to nothing": {
			"{\n  \"properties\": {\n    \"a\": { \"$ref\": \"#/$defs/nothing\" }\n  }\n}\n", 3,
			[]string{"#/$defs/nothing", "not found"},
		},
		"anchor that is none": {
			"{\n  \"properties\": {\n    \"a\": { \"$ref\": \"#nothing\" }\n  }\n}\n", 3,
			[]string{"#nothing", "not found"},
		},
		"dialect of somebody else": {
			"{\n  \"$schema\": \"https://example.com/dialect\"\n}\n", 2,
			[]string{"https://example.com/dialect", "self-contained"},
		},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := compile(c.schema)

			var invalid *SchemaError
			if !errors.As(err, &invalid) {
				t.Fatalf("accepted; the error is %v", err)
			}

			if invalid.Line != c.line {
				t.Errorf("line %d, want %d: %s", invalid.Line, c.line, invalid.Reason)
			}

			for _, text := range c.says {
				if !strings.Contains(invalid.Reason, text) {
					t.Errorf("%q does not say %q", invalid.Reason, text)
				}
			}

			for _, text := range []string{"internal/custom", "\n", documentURL} {
				if strings.Contains(invalid.Reason, text) {
					t.Errorf("%q says %q", invalid.Reason, text)
				}
			}

			if _, again := compile(c.schema); again == nil || again.Error() != err.Error() {
				t.Errorf("first %v, then %v", err, again)
			}
		})
	}
}

func TestCompile_ReadsOlderDraftsAndIdentifiers(t *testing.T) {
	t.Parallel()

	for _, schema := range []string{
		`true`,
		`{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/own.json", "$ref": "#/$defs/a", "$defs": {"a": {}}}`,
		`{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}, "properties": {"a": {"$ref": "#/definitions/a"}}}`,
		`{"$defs": {"a": {"$id": "https://example.com/a.json"}}, "$ref": "https://example.com/a.json"}`,
		`{"$defs": {"a": {"$anchor": "here"}}, "$ref": "#here"}`,
	} {
		if _, err := compile(schema); err != nil {
			t.Errorf("%s: %v", schema, err)
		}
	}
}

func TestCompile_OnceForATextAndNeverForTooMany(t *testing.T) {
	t.Parallel()

	var c compiled

	first, err := c.compile(`{"title": "x"}`)
	if err != nil {
		t.Fatal(err)
	}

	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if again, err := c.compile(`{"title": "x"}`); again != first || err != nil {
				t.Errorf("compiled again: %v", err)
			}
		})
	}
	all.Wait()

	for i := range 3 * maxCompiled {
		all.Go(func() {
			if _, err := c.compile(fmt.Sprintf(`{"title": "%d"}`, i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()

	if len(c.byText) > maxCompiled {
		t.Errorf("%d schemas are kept, want at most %d", len(c.byText), maxCompiled)
	}
}
