package zenml

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"
)

//go:embed facts/facts.json
var factsJSON []byte

// Field is one field of a flavor's configuration, or a part of one (the element of a list, a member of an object).
type Field struct {
	// Name is what the field is called; empty for the element of a list or map and for a member of a union.
	Name string `json:"name"`
	// Type is string, int, float, bool, enum, list, tuple, map, object, union or any.
	Type string `json:"type"`
	// Required says that ZenML refuses a configuration without this field.
	Required bool `json:"required"`
	// Nullable says that null is a value of its own.
	Nullable bool `json:"nullable"`
	// Secret says that the value must never be shown.
	Secret bool `json:"secret"`
	// SecretReference says that a {{secret.key}} reference may stand in place of the value.
	SecretReference bool `json:"-"`
	// Deprecated says that ZenML wants the field gone; ReplacedBy names the one that took its place, if any.
	Deprecated bool   `json:"deprecated"`
	ReplacedBy string `json:"replaced_by"`
	// Computed says that ZenML fills the field in itself when it is absent.
	Computed bool `json:"computed"`
	// Default is what ZenML takes when the field is absent, if HasDefault.
	Default    any  `json:"-"`
	HasDefault bool `json:"-"`
	// Values are the allowed texts of an enum.
	Values []string `json:"values"`
	// Element describes the elements of a list or the values of a map.
	Element *Field `json:"element"`
	// Items describes the places of a tuple, one by one.
	Items []Field `json:"items"`
	// AnyOf lists the members of a union. FirstFit says that ZenML takes the first that fits, not the one that fits
	// without conversion.
	AnyOf    []Field `json:"any_of"`
	FirstFit bool    `json:"first_fit"`
	// Fields lists the members of an object; Extra says what becomes of others: allow, ignore or forbid.
	Fields []Field `json:"fields"`
	Extra  string  `json:"extra"`
	// Bounds limit numbers and texts.
	Bounds Bounds `json:"-"`

	pattern *regexp.Regexp
}

// Bounds limit a number (inclusive and exclusive) or a text (length in characters, pattern). A nil bound is none.
type Bounds struct {
	AtLeast   *float64 `json:"ge"`
	Above     *float64 `json:"gt"`
	AtMost    *float64 `json:"le"`
	Below     *float64 `json:"lt"`
	MinLength *int     `json:"min_length"`
	MaxLength *int     `json:"max_length"`
	Pattern   string   `json:"pattern"`
}

// ConnectorRequirement says which service connectors can serve a flavor.
type ConnectorRequirement struct {
	// Type is the one connector type that will do; empty when any type will that offers the resource.
	Type string `json:"type"`
	// ResourceType is what the connector must give access to.
	ResourceType string `json:"resource_type"`
	// ResourceIDFrom is the field that names the resource; it must be set for a connector to be of use.
	ResourceIDFrom string `json:"resource_id_from"`
}

// Flavor is one implementation of a component type.
type Flavor struct {
	Type string `json:"type"`
	Name string `json:"name"`
	// Fields are in ZenML's own order.
	Fields []Field `json:"fields"`
	// Schemes are the beginnings an artifact store's path may have; empty for other types.
	Schemes []string `json:"schemes"`
	// Connector is nil when the flavor cannot use a service connector.
	Connector *ConnectorRequirement `json:"connector"`
}

type factsFile struct {
	ZenML      string              `json:"zenml"`
	Types      []string            `json:"types"`
	Repeatable []string            `json:"repeatable"`
	Connectors map[string][]string `json:"connectors"`
	Flavors    []Flavor            `json:"flavors"`

	index map[[2]string]int
}

// The facts are read when first asked for: a provider that starts to answer `terraform version` needs none of them.
var facts = sync.OnceValue(func() *factsFile {
	f := &factsFile{index: map[[2]string]int{}}
	if err := json.Unmarshal(factsJSON, f); err != nil {
		panic(fmt.Errorf("the embedded facts about ZenML are broken: %w", err)) // a build fault, caught by any test
	}
	for i, flavor := range f.Flavors {
		f.index[[2]string{flavor.Type, flavor.Name}] = i
	}
	return f
})

// UnmarshalJSON reads a field of facts.json, where absent keys mean the common case.
func (f *Field) UnmarshalJSON(data []byte) error {
	type plain Field // without this method
	row := struct {
		*plain
		Bounds
		NoReference bool            `json:"no_reference"`
		Default     json.RawMessage `json:"default"`
	}{plain: (*plain)(f)}
	if err := json.Unmarshal(data, &row); err != nil {
		return fmt.Errorf("read field: %w", err)
	}
	f.Bounds = row.Bounds
	f.SecretReference = !row.NoReference
	if f.HasDefault = row.Default != nil; f.HasDefault {
		decoder := json.NewDecoder(bytes.NewReader(row.Default))
		decoder.UseNumber()
		if err := decoder.Decode(&f.Default); err != nil {
			return fmt.Errorf("read default of %q: %w", f.Name, err)
		}
		f.Default = plainNumbers(f.Default)
	}
	if f.Bounds.Pattern != "" {
		pattern, err := regexp.Compile(f.Bounds.Pattern)
		if err != nil {
			return fmt.Errorf("read pattern of %q: %w", f.Name, err)
		}
		f.pattern = pattern
	}
	return nil
}

// Types lists ZenML's component types in alphabetical order.
func Types() []string { return slices.Clone(facts().Types) }

// Repeatable tells whether a stack may hold several components of a type.
func Repeatable(componentType string) bool { return slices.Contains(facts().Repeatable, componentType) }

// Flavors lists every flavor, by type and name.
func Flavors() []Flavor { return slices.Clone(facts().Flavors) }

// FlavorNames lists the flavors of one component type.
func FlavorNames(componentType string) []string {
	var names []string
	for _, f := range facts().Flavors {
		if f.Type == componentType {
			names = append(names, f.Name)
		}
	}
	return names
}

// Lookup finds a flavor by ZenML's names.
func Lookup(componentType, flavor string) (Flavor, bool) {
	i, ok := facts().index[[2]string{componentType, flavor}]
	if !ok {
		return Flavor{}, false
	}
	return facts().Flavors[i], true
}

// Field finds a field of the flavor's configuration.
func (f Flavor) Field(name string) (Field, bool) {
	for _, field := range f.Fields {
		if field.Name == name {
			return field, true
		}
	}
	return Field{}, false
}

// IsSingle tells a field that takes one text, number or truth value from one that takes a list, a map or anything.
func (f Field) IsSingle() bool {
	return slices.Contains([]string{"string", "enum", "int", "float", "bool"}, f.Type)
}
