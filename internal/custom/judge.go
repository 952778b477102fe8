package custom

import (
	"cmp"
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

// judge checks a configuration against a schema. Where a part of it is open, only objections are kept that no value of
// that part could answer.
func judge(schema *jsonschema.Schema, configuration map[string]any) []objection {
	err := schema.Validate(filled(configuration))
	if err == nil {
		return nil
	}

	refused, ok := err.(*jsonschema.ValidationError) //nolint:errorlint // Validate returns exactly this type
	if !ok {
		return []objection{{reason: err.Error()}}
	}

	var objections []objection
	for _, leaf := range certain(refused, configuration, base{url: refused.SchemaURL}) {
		objections = append(objections, expand(leaf, configuration)...)
	}

	slices.SortStableFunc(objections, func(a, b objection) int { return deepestFirst(a.path, b.path) })

	return objections
}

// deepestFirst orders places: the deepest says most about a slip.
func deepestFirst(a, b []string) int {
	return cmp.Or(cmp.Compare(len(b), len(a)), slices.Compare(a, b))
}

// expand gives each refused key an objection of its own, at the key.
func expand(leaf *jsonschema.ValidationError, configuration map[string]any) []objection {
	switch k := leaf.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var objections []objection

		for _, key := range k.Properties {
			at := slices.Concat(leaf.InstanceLocation, []string{key})
			if !zenml.IsUnknown(valueAt(configuration, at)) {
				objections = append(objections, objection{path: at, reason: "the schema has no such key"})
			}
		}

		return objections
	case *kind.Required:
		return []objection{{path: leaf.InstanceLocation, reason: "missing: " + strings.Join(k.Missing, ", ")}}
	}

	return []objection{{path: place(leaf, configuration), reason: reason(leaf)}}
}

// base is where a keyword path begins: at the schema itself or at the target of a reference.
type base struct {
	url      string
	location []string
}

// certain goes down an error tree and returns its leaves that stand whatever the open parts of the configuration turn out
// to be. It decides on the way: below a keyword that chooses, such as anyOf or if, an objection stands only when the
// choice does, that is, when all of the value that is chosen by is known.
func certain(err *jsonschema.ValidationError, configuration map[string]any, from base) []*jsonschema.ValidationError {
	if !chosen(err, configuration, from) {
		return nil
	}

	if reference, ok := err.ErrorKind.(*kind.Reference); ok {
		from = base{url: reference.URL, location: err.InstanceLocation}
	}

	if isLeaf(err) {
		if stands(err, configuration) {
			return []*jsonschema.ValidationError{err}
		}

		return nil
	}

	var leaves []*jsonschema.ValidationError
	for _, cause := range err.Causes {
		leaves = append(leaves, certain(cause, configuration, from)...)
	}

	return leaves
}

// chosen says whether an error is reached from base whatever the open parts turn out to be. It reads the path of keywords
// between them beside the path through the configuration. Every alternative has its keyword in that path.
func chosen(err *jsonschema.ValidationError, configuration map[string]any, from base) bool {
	keywords, ok := strings.CutPrefix(err.SchemaURL, from.url)
	if !ok {
		return !holdsOpen(configuration)
	}

	location := err.InstanceLocation
	if _, ok := err.ErrorKind.(*kind.PropertyNames); ok {
		location = nil // it cannot be relied on: see keys
	}

	depth := len(from.location)
	known := func() bool { return !holdsOpen(valueAt(configuration, location[:min(depth, len(location))])) }

	steps := strings.Split(strings.TrimPrefix(keywords, "/"), "/")
	for i := 0; i < len(steps); i++ {
		switch steps[i] {
		case "properties", "patternProperties":
			i++ // a name follows, which may read like a keyword
			depth++
		case "additionalProperties", "items", "prefixItems", "additionalItems":
			depth++
		case "anyOf", "oneOf", "not", "if", "then", "else":
			if !known() {
				return false
			}
		case "dependentSchemas", "dependencies":
			if !known() {
				return false
			}

			i++
		case "contains", "unevaluatedProperties", "unevaluatedItems":
			if !known() {
				return false
			}

			depth++
		}
	}

	return true
}

// stands says whether no value of the open parts could answer an objection to the value it names. What is unknown may
// even turn out to be null, that is, absent.
func stands(leaf *jsonschema.ValidationError, configuration map[string]any) bool {
	if name, ok := leaf.ErrorKind.(*kind.PropertyNames); ok {
		return !slices.ContainsFunc(keys(configuration, len(leaf.InstanceLocation), name.Property), func(at []string) bool {
			return zenml.IsUnknown(valueAt(configuration, at))
		})
	}

	value := valueAt(configuration, leaf.InstanceLocation)
	if !holdsOpen(value) {
		return true
	}

	if zenml.IsUnknown(value) {
		return false
	}

	children, _ := value.(map[string]any)

	switch k := leaf.ErrorKind.(type) {
	case *kind.Type, *kind.FalseSchema, *kind.MinItems, *kind.MaxItems, *kind.AdditionalItems, *kind.MinProperties, *kind.Required,
		*kind.AdditionalProperties: // these look at nothing within the value
		return true
	case *kind.DependentRequired:
		return !zenml.IsUnknown(children[k.Prop])
	case *kind.Dependency:
		return !zenml.IsUnknown(children[k.Prop])
	}

	return false
}

// holdsOpen says that a value, or a part of it, is not known here: it is unknown until apply, or ZenML holds it as a secret.
func holdsOpen(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		for _, child := range value {
			if holdsOpen(child) {
				return true
			}
		}

		return false
	case []any:
		return slices.ContainsFunc(value, holdsOpen)
	}

	return zenml.IsUnknown(value) || zenml.IsSecretReference(value)
}

// valueAt is the value at a path; what lies within an unknown value is unknown.
func valueAt(value any, location []string) any {
	for _, step := range location {
		switch parent := value.(type) {
		case map[string]any:
			value = parent[step]
		case []any:
			index, err := strconv.Atoi(step)
			if err != nil || index < 0 || index >= len(parent) {
				return nil
			}

			value = parent[index]
		case zenml.Unknown:
			return parent
		default:
			return nil
		}
	}

	return value
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
