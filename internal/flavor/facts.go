package flavor

import (
	"maps"
	"slices"

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
	// Provides lists what a custom flavor provides: a []string, or unknown. It is nil for built-in flavors, which are
	// looked up instead.
	Provides any
	// URI is the component's address: a string, nil when it has none, or unknown.
	URI any
	// Outputs are those that are known before apply: a text, or unknown, for every output that the driver will return. Nil
	// where nothing of them is.
	Outputs map[string]any
	// Reference says without credentials how to get at what a kind with Hosts makes: a map of texts, or unknown. The
	// component's name is added to it.
	Reference any
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

	for _, key := range slices.Sorted(maps.Keys(f.Configuration)) {
		value := f.Configuration[key]

		field, ok := known.Field(key)

		switch {
		case !ok:
		case field.IsSingle() && isCompound(value):
			problems = append(problems, zenml.Problem{
				Rule: zenml.RuleWrongValue, Stage: zenml.StageConfig, Path: []string{key},
				Message: "a single value is wanted, and this is a list or an object",
			})
		case field.Secret && isPlain(value):
			problems = append(problems, zenml.Problem{
				Rule: "secret-in-the-open", Stage: zenml.StageConfig, Path: []string{key},
				Message: "this is a secret, and the state would keep it", Fix: "Write \"{{name.key}}\" for a secret that ZenML holds",
			})
		}
	}

	return problems
}

// isPlain tells a value from a reference to a secret.
func isPlain(value any) bool {
	return value != nil && !zenml.IsUnknown(value) && !zenml.IsSecretReference(value)
}

func isCompound(value any) bool {
	switch value.(type) {
	case []any, map[string]any:
		return true
	}

	return false
}
