package spec

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// value is what stands behind an equals sign.
type value interface{ tokens() hclwrite.Tokens }

type (
	text       string // written with quotes, whatever it holds
	number     int
	expression string // written as it is
	tuple      []value
	object     []field
	field      struct {
		name  string
		value value
	}
)

func (t text) tokens() hclwrite.Tokens { return hclwrite.TokensForValue(cty.StringVal(string(t))) }

func (n number) tokens() hclwrite.Tokens {
	return hclwrite.TokensForValue(cty.NumberIntVal(int64(n)))
}

// tokens of an expression are read from a configuration of its own; they are ours, so that they are never wrong.
func (e expression) tokens() hclwrite.Tokens {
	file, diags := hclwrite.ParseConfig([]byte("x = "+string(e)+"\n"), "", hcl.InitialPos)
	if diags.HasErrors() {
		return hclwrite.TokensForValue(cty.StringVal(string(e)))
	}

	return file.Body().GetAttribute("x").Expr().BuildTokens(nil)
}

func (t tuple) tokens() hclwrite.Tokens {
	elements := make([]hclwrite.Tokens, 0, len(t))
	for _, one := range t {
		elements = append(elements, one.tokens())
	}

	return hclwrite.TokensForTuple(elements)
}

func (o object) tokens() hclwrite.Tokens {
	fields := make([]hclwrite.ObjectAttrTokens, 0, len(o))
	for _, one := range o {
		fields = append(fields, hclwrite.ObjectAttrTokens{Name: hclwrite.TokensForIdentifier(one.name), Value: one.value.tokens()})
	}

	return hclwrite.TokensForObject(fields)
}

// texts is a map of texts, with quotes around the keys that need them.
type texts map[string]string

func (t texts) tokens() hclwrite.Tokens {
	fields := make([]hclwrite.ObjectAttrTokens, 0, len(t))
	for _, key := range slices.Sorted(maps.Keys(t)) {
		name := text(key).tokens()
		if hclsyntax.ValidIdentifier(key) {
			name = hclwrite.TokensForIdentifier(key)
		}

		fields = append(fields, hclwrite.ObjectAttrTokens{Name: name, Value: text(t[key]).tokens()})
	}

	return hclwrite.TokensForObject(fields)
}

func (o object) into(body *hclwrite.Body) {
	for _, one := range o {
		body.SetAttributeRaw(one.name, one.value.tokens())
	}
}

// maxComment is how long the lines of comments are.
const maxComment = 100

// comments are lines that begin with a hash, wrapped.
func comments(paragraphs []string) []byte {
	var out strings.Builder

	for _, paragraph := range paragraphs {
		line := "#"

		for word := range strings.FieldsSeq(paragraph) {
			if len(line)+1+len(word) > maxComment && line != "#" {
				out.WriteString(line + "\n")

				line = "#"
			}

			line += " " + word
		}

		out.WriteString(line + "\n")
	}

	return []byte(out.String())
}
