package flavortest

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

var snakeCase = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// versionSuffix follows the name of a write-only argument in the name of its version.
const versionSuffix = "_version"

// checkSchema holds the schema to the conventions of the surface.
func (s suite) checkSchema(t *testing.T) {
	t.Run("is one the framework can serve", func(t *testing.T) {
		for _, d := range s.server.schema.ValidateImplementation(t.Context()) {
			t.Errorf("%s: %s", d.Summary(), d.Detail())
		}
	})

	t.Run("is the same each time", func(t *testing.T) {
		again := s.flavor.Attributes(s.kind)
		if len(again) != len(s.attributes) {
			t.Fatalf("%d attributes, then %d", len(s.attributes), len(again))
		}

		for name, attribute := range s.attributes {
			if again[name] == nil || !again[name].Equal(attribute) || again[name].GetMarkdownDescription() != attribute.GetMarkdownDescription() {
				t.Errorf("%s differs", name)
			}
		}
	})

	t.Run("names are in snake case", func(t *testing.T) {
		eachAttribute(s.attributes, nil, func(at place, _ schema.Attribute, _ map[string]schema.Attribute) {
			if !snakeCase.MatchString(at[len(at)-1]) {
				t.Errorf("%s is not in snake case", at)
			}
		})
	})

	t.Run("descriptions are sentences", func(t *testing.T) {
		if !isSentence(s.flavor.Summary) {
			t.Errorf("summary: %q is not a sentence", s.flavor.Summary)
		}

		eachAttribute(s.attributes, nil, func(at place, attribute schema.Attribute, _ map[string]schema.Attribute) {
			if text := attribute.GetMarkdownDescription(); !isSentence(text) {
				t.Errorf("%s: %q is not a sentence", at, text)
			}
		})
	})

	t.Run("attributes are required or computed", func(t *testing.T) {
		eachAttribute(s.attributes, nil, func(at place, attribute schema.Attribute, _ map[string]schema.Attribute) {
			switch required, optional, computed := attribute.IsRequired(), attribute.IsOptional(), attribute.IsComputed(); {
			case required && (computed || optional):
				t.Errorf("%s is required and something else", at)
			case !required && !optional:
				t.Errorf("%s cannot be written: outputs stand at the top, not in a flavor", at)
			}
		})
	})

	t.Run("write-only arguments have a version and are hidden", func(t *testing.T) {
		eachAttribute(s.attributes, nil, checkWriteOnly(t))
	})
}

func checkWriteOnly(t *testing.T) func(place, schema.Attribute, map[string]schema.Attribute) {
	t.Helper()

	return func(at place, attribute schema.Attribute, beside map[string]schema.Attribute) {
		name := at[len(at)-1]
		if attribute.IsWriteOnly() != strings.HasSuffix(name, flavor.WriteOnlySuffix) {
			t.Errorf("%s: write-only is %v, and its name says otherwise", at, attribute.IsWriteOnly())
		}

		if !attribute.IsWriteOnly() {
			return
		}

		version, ok := beside[name+versionSuffix].(schema.Int64Attribute)
		if !ok || version.WriteOnly {
			t.Errorf("%s has no number %s beside it that the state keeps", at, name+versionSuffix)
		}

		if !attribute.IsSensitive() {
			t.Errorf("%s is not sensitive", at)
		}
	}
}

// isSentence says that a text begins with a capital, a digit or code, and ends with a full stop.
func isSentence(text string) bool {
	if text == "" || !strings.HasSuffix(text, ".") {
		return false
	}

	first := []rune(text)[0]

	return unicode.IsUpper(first) || unicode.IsDigit(first) || first == '`'
}

// eachAttribute visits the attributes of a flavor and those nested in them.
func eachAttribute(among map[string]schema.Attribute, at place, visit func(place, schema.Attribute, map[string]schema.Attribute)) {
	for name, attribute := range among {
		here := append(append(place{}, at...), name)
		visit(here, attribute, among)
		eachAttribute(nested(attribute), here, visit)
	}
}

func nested(attribute schema.Attribute) map[string]schema.Attribute {
	switch a := attribute.(type) {
	case schema.SingleNestedAttribute:
		return a.Attributes
	case schema.ListNestedAttribute:
		return a.NestedObject.Attributes
	case schema.MapNestedAttribute:
		return a.NestedObject.Attributes
	case schema.SetNestedAttribute:
		return a.NestedObject.Attributes
	default:
		return nil
	}
}
