package flavor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

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
		if candidate != f.rest() && v[candidate] != nil {
			return append([]string{candidate}, field[1:]...)
		}
	}

	if settings, ok := v[f.rest()].(map[string]any); ok {
		if _, ok := settings[name]; ok {
			return append([]string{f.rest()}, field...)
		}
	}

	return nil
}

// rest is the attribute that takes what has no attribute of its own.
func (f Flavor) rest() string {
	if f.Rest != "" {
		return f.Rest
	}

	return settingsName
}

// Written is the name to show for a field of ZenML's configuration: the path to what the user wrote (source), or, where
// nothing is written, the attribute that is missing.
func (f Flavor) Written(kind Kind, source, field []string) []string {
	if len(source) > 0 || len(field) == 0 {
		return source
	}

	for _, candidate := range []string{field[0], field[0] + WriteOnlySuffix} {
		if _, ok := f.attributes(kind)[candidate]; ok {
			return []string{candidate}
		}
	}

	return append([]string{f.rest()}, field...)
}

// Reword turns ZenML's names in a problem into those of the flavor's attributes: what a user can write. A misspelled
// option is told what settings take, and a secret how it is given.
func (f Flavor) Reword(kind Kind, p zenml.Problem) zenml.Problem {
	if p.Rule == zenml.RuleUnknownKey && len(p.Path) == 1 && f.Fields != nil {
		p.Fix = f.option(kind, p.Path[0])

		return p
	}

	for _, field := range f.secrets(kind) {
		p.Fix = regexp.MustCompile(`\b`+field+`\b`).ReplaceAllString(p.Fix, field+WriteOnlySuffix+" (or "+ReferenceSuffix+")")

		if p.Fix == "" && len(p.Path) == 1 && p.Path[0] == field {
			p.Fix = fmt.Sprintf("Set %s with %s, or %s", field+WriteOnlySuffix, field+VersionSuffix, field+ReferenceSuffix)
		}
	}

	return p
}

// option says what may have been meant by a key of settings that is none.
func (f Flavor) option(kind Kind, key string) string {
	facts, _ := zenml.Lookup(kind.Name, f.ZenML)
	options := restOf(facts, f.Meta)

	if near := zenml.DidYouMean(key, options); near != "" {
		return fmt.Sprintf("Did you mean %q?", near)
	}

	if near := zenml.DidYouMean(key, slices.Sorted(maps.Keys(f.attributes(kind)))); near != "" {
		return fmt.Sprintf("Did you mean the attribute %s? It stands beside %s, not in it.", near, settingsName)
	}

	if len(options) == 0 {
		return "This flavor has no options beside its attributes."
	}

	return "Use one of: " + strings.Join(options, ", ")
}
