package flavor

import (
	"maps"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Values is a flavor's configuration while parts of it may be unknown: attribute name to nil, bool, string, int64,
// float64, []any, map[string]any or zenml.Unknown, nested as the schema nests.
type Values map[string]any

// Text returns a text attribute, or fallback when it is null. It returns zenml.Unknown when the value is unknown.
func (v Values) Text(name string, fallback any) any {
	if v[name] == nil {
		return fallback
	}

	return v[name]
}

// Map applies f to a known text and passes nil and unknown on.
func Map(value any, f func(string) any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}

	return f(text)
}

// The suffixes of the attributes that stand for one secret field.
const (
	WriteOnlySuffix = "_wo"
	VersionSuffix   = "_wo_version"
	ReferenceSuffix = "_secret"
	settingsName    = "settings"
)

// ownNames takes every attribute over under its own name, settings included. Secrets are added by addSecrets.
func ownNames(v Values) map[string]any {
	configuration := map[string]any{}

	for name, value := range v {
		if name != settingsName && value != nil {
			configuration[name] = value
		}
	}

	AddSettings(configuration, v)

	return configuration
}

// AddSettings takes the settings of a flavor over into its configuration, as views do that are not made of attributes
// alone.
func AddSettings(configuration map[string]any, v Values) {
	if tree, ok := v[settingsName].(map[string]any); ok {
		maps.Copy(configuration, tree) // null ones too: a key that was planned as unknown must not vanish
	}
}

// addSecrets puts ZenML's reference where a secret field is given, and never a value. A write-only argument is
// visible only while Terraform plans or applies; its version is in the state, so the version tells that it is given.
func addSecrets(configuration map[string]any, component any, v Values, fields []string) {
	for _, field := range fields {
		delete(configuration, field+WriteOnlySuffix)
		delete(configuration, field+VersionSuffix)
		delete(configuration, field+ReferenceSuffix)

		switch {
		case v[field+ReferenceSuffix] != nil:
			configuration[field] = Map(v[field+ReferenceSuffix], func(ref string) any { return "{{" + ref + "}}" })
		case zenml.IsUnknown(v[field+VersionSuffix]):
			configuration[field] = zenml.Unknown{} // it may turn out to be null
		case v[field+VersionSuffix] != nil:
			configuration[field] = Map(component, func(name string) any { return "{{" + name + "." + field + "}}" })
		}
	}
}
