package custom

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// objection is a value that a schema refuses.
type objection struct {
	path   []string
	reason string
}

// judge checks a configuration against a schema. Where a part of it is unknown, only objections are kept that no
// value of that part could answer.
func judge(schema *jsonschema.Schema, configuration map[string]any) []objection {
	unknown := zenml.HoldsUnknown(configuration)

	err := schema.Validate(filled(configuration))
	if err == nil {
		return nil
	}

	refused, ok := err.(*jsonschema.ValidationError) //nolint:errorlint // Validate returns exactly this type
	if !ok {
		return []objection{{reason: err.Error()}}
	}

	var objections []objection

	for _, leaf := range leaves(refused) {
		if unknown && !certain(leaf, configuration) {
			continue
		}

		objections = append(objections, expand(leaf)...)
	}

	return objections
}

// expand gives each refused key an objection of its own, at the key.
func expand(leaf *jsonschema.ValidationError) []objection {
	switch k := leaf.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var objections []objection
		for _, key := range k.Properties {
			objections = append(objections, objection{path: append(slices.Clone(leaf.InstanceLocation), key), reason: "the schema has no such key"})
		}

		return objections
	case *kind.Required:
		return []objection{{path: leaf.InstanceLocation, reason: "missing: " + strings.Join(k.Missing, ", ")}}
	}

	return []objection{{path: leaf.InstanceLocation, reason: reason(leaf)}}
}

// settled are the keywords that lead to an objection without choosing between alternatives: below others, a value
// that is unknown now could change which alternative holds.
var settled = []string{"properties", "additionalProperties", "items", "prefixItems", "$ref", "$defs", "allOf", "patternProperties"}

// certain says whether no value of the unknown parts could answer an objection.
func certain(leaf *jsonschema.ValidationError, configuration map[string]any) bool {
	if touchesUnknown(configuration, leaf.InstanceLocation) {
		return false
	}

	switch leaf.ErrorKind.(type) {
	case *kind.Type, *kind.Enum, *kind.Const, *kind.Pattern, *kind.MinLength, *kind.MaxLength, *kind.Minimum, *kind.Maximum,
		*kind.ExclusiveMinimum, *kind.ExclusiveMaximum, *kind.MultipleOf, *kind.Format, *kind.AdditionalProperties,
		*kind.Required, *kind.FalseSchema:
	default:
		return false
	}

	_, fragment, _ := strings.Cut(leaf.SchemaURL, "#")
	steps := strings.Split(strings.TrimPrefix(fragment, "/"), "/")

	for i, step := range steps {
		// A keyword that chooses between alternatives stands where a name or an index cannot.
		if slices.Contains([]string{"anyOf", "oneOf", "not", "if", "then", "else", "contains", "dependentSchemas"}, step) &&
			(i == 0 || !slices.Contains(settled[:1], steps[i-1])) {
			return false
		}
	}

	return true
}

func touchesUnknown(value any, location []string) bool {
	for _, step := range location {
		switch parent := value.(type) {
		case map[string]any:
			value = parent[step]
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index >= len(parent) {
				return false
			}

			value = parent[index]
		}

		if _, ok := value.(zenml.Unknown); ok {
			return true
		}
	}

	switch value.(type) {
	case map[string]any, []any:
		return false // keys and their number are known even where values are not
	}

	return zenml.HoldsUnknown(value)
}

// filled puts a text in the place of unknown values, so that they count as present.
func filled(value any) any {
	switch value := value.(type) {
	case zenml.Unknown:
		return "(known after apply)"
	case map[string]any:
		all := make(map[string]any, len(value))

		for key, child := range value {
			if child != nil { // Terraform's null means absent
				all[key] = filled(child)
			}
		}

		return all
	case []any:
		all := make([]any, len(value))
		for i, child := range value {
			all[i] = filled(child)
		}

		return all
	}

	return value
}

func (o objection) String() string {
	if len(o.path) == 0 {
		return o.reason
	}

	return fmt.Sprintf("%s: %s", strings.Join(o.path, "."), o.reason)
}
