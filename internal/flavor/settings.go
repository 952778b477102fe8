package flavor

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// describeSettings is the description of settings. A flavor whose options all have attributes has it too: Terraform would
// drop what a user writes there without a word, where we can say what is wrong with it.
func describeSettings(options []string) string {
	if len(options) == 0 {
		return "An object with further options of ZenML's; this flavor has none beside its attributes."
	}

	return fmt.Sprintf("An object with any of ZenML's further options of this flavor; names and values are checked at plan. "+
		"Options: `%s`.", strings.Join(options, "`, `"))
}

// restOf lists ZenML's fields that a flavor has no attribute for.
func restOf(facts zenml.Flavor, meta Meta) []string {
	mapped := map[string]bool{}
	for field := range meta.Attribute {
		mapped[field] = true
	}

	var rest []string

	for _, field := range facts.Fields {
		if _, typed := meta.Fields[field.Name]; !typed && !mapped[field.Name] && !field.Secret && !field.Deprecated {
			rest = append(rest, field.Name)
		}
	}

	return rest
}

// checkSettings judges what is free text to the schema: the options in settings, and whatever could hold a secret that the
// state would keep.
func (f Flavor) checkSettings(kind Kind, v Values) []Problem {
	return slices.Concat(f.checkOptions(kind, v), f.checkAddress(kind, v), f.checkPlainText(kind, v))
}

// checkOptions refuses options that have an attribute of their own, secrets above all: settings are kept in the state.
func (f Flavor) checkOptions(kind Kind, v Values) []Problem {
	_, typed := f.attributes(kind)[settingsName]
	if !typed || v[settingsName] == nil || zenml.IsUnknown(v[settingsName]) {
		return nil
	}

	settings, ok := v[settingsName].(map[string]any)
	if !ok {
		return []Problem{{
			Path:    []string{settingsName},
			Summary: "Settings are not an object",
			Detail:  fmt.Sprintf("%s.%s: an object of names and values is wanted.\n\nWrite %s = { … }.", f.Name, settingsName, settingsName),
		}}
	}

	var problems []Problem

	for _, name := range slices.Sorted(maps.Keys(settings)) {
		instead := f.attributeOf(kind, name)
		if instead == "" {
			continue
		}

		problems = append(problems, Problem{
			Path:    []string{settingsName, name},
			Summary: "Option with an attribute of its own",
			Detail: fmt.Sprintf("%s.%s.%s: this option has an attribute of its own.\n\nSet %s instead.",
				f.Name, settingsName, name, instead),
		})
	}

	return problems
}

// attributeOf names what to set in place of an option in settings; it is empty for an option that belongs there. Our own
// settings are no attribute for a field of ZenML's that has the same name.
func (f Flavor) attributeOf(kind Kind, option string) string {
	attributes := f.attributes(kind)

	switch {
	case f.Attribute[option] != "":
		return f.Attribute[option]
	case attributes[option+WriteOnlySuffix] != nil:
		return option + WriteOnlySuffix + " with " + option + VersionSuffix + ", or " + option + ReferenceSuffix
	case attributes[option] != nil && option != settingsName:
		return option
	default:
		return ""
	}
}
