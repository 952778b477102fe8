package flavor

import (
	"maps"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Facts is what others may know of a component. It is computed at plan from the configuration alone, and any part
// of it may be zenml.Unknown until apply.
type Facts struct {
	// Flavor is the flavor's full name, "custom/<name>" for a custom one: a string or unknown.
	Flavor any
	// ZenML is ZenML's name of the flavor: a string, nil where ZenML has none, or unknown.
	ZenML any
	// Configuration is ZenML's configuration of the component; nil where ZenML has no such flavor.
	Configuration map[string]any
	// Open says that the configuration may hold further keys, which only apply can tell.
	Open bool
	// Provides lists what a custom flavor provides; nil for built-in ones, which are looked up instead.
	Provides []string
	// URI is the component's address: a string, nil when it has none, or unknown.
	URI any
	// Outputs are further facts for other configurations: strings or unknown.
	Outputs map[string]any
}

// Complete is the configuration for judging: where further keys may follow at apply, each of ZenML's fields that is
// not set is unknown.
func (f Facts) Complete(componentType string) map[string]any {
	name, ok := f.ZenML.(string)
	if !f.Open || !ok {
		return f.Configuration
	}

	complete := map[string]any{}

	if known, ok := zenml.Lookup(componentType, name); ok {
		for _, field := range known.Fields {
			complete[field.Name] = zenml.Unknown{}
		}
	}

	maps.Copy(complete, f.Configuration)

	return complete
}

// Texts is the configuration as the state keeps it and as an export reads it back: a text for each value, JSON where it
// is nested, and zenml.Unknown where a part of it is unknown.
func (f Facts) Texts(componentType string) map[string]any {
	texts := map[string]any{}

	for name, value := range f.Complete(componentType) {
		if value == nil {
			continue
		}

		texts[name] = zenml.Unknown{}

		if text, known := Text(value); known {
			texts[name] = text
		}
	}

	return texts
}

// Judge says what ZenML would refuse of the configuration. It judges the texts, which are all that ZenML ever gets to
// see, and beside them what the texts would hide: a list or an object in the place of a single value.
func (f Facts) Judge(componentType string, connector *zenml.Connector) []zenml.Problem {
	name, ok := f.ZenML.(string)
	if !ok {
		return nil
	}

	known, ok := zenml.Lookup(componentType, name)
	if !ok {
		return nil // a flavor that ZenML knows nothing of has no facts to be judged by
	}

	problems := zenml.Check(componentType, name, f.Texts(componentType), connector)

	for key, value := range f.Configuration {
		field, ok := known.Field(key)
		if !ok || !field.IsSingle() || !isCompound(value) {
			continue
		}

		problems = append(problems, zenml.Problem{
			Rule: "zenml-wrong-value", Stage: zenml.StageConfig, Path: []string{key},
			Message: "a single value is wanted, and this is a list or an object",
		})
	}

	return problems
}

func isCompound(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}

	return false
}

// Source leads from a field of ZenML's configuration back to the attribute that the user wrote. An empty path means
// the flavor itself.
func (f Flavor) Source(v Values, field []string) []string {
	if len(field) == 0 {
		return nil
	}

	name := field[0]
	if attribute, ok := f.Attribute[name]; ok {
		return []string{attribute}
	}

	for _, candidate := range []string{name, name + ReferenceSuffix, name + WriteOnlySuffix} {
		if v[candidate] != nil {
			return append([]string{candidate}, field[1:]...)
		}
	}

	if settings, ok := v[settingsName].(map[string]any); ok {
		if _, ok := settings[name]; ok {
			return append([]string{settingsName}, field...)
		}
	}

	return nil
}

// Written is the name to show for a field of ZenML's configuration: the path to what the user wrote (source), or, where
// nothing is written, the attribute that is missing.
func (f Flavor) Written(kind Kind, source, field []string) []string {
	if len(source) > 0 || len(field) == 0 {
		return source
	}

	for _, candidate := range []string{field[0], field[0] + WriteOnlySuffix} {
		if _, ok := f.Attributes(kind)[candidate]; ok {
			return []string{candidate}
		}
	}

	return append([]string{settingsName}, field...)
}
