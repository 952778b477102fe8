package spec

import (
	"fmt"
)

// component is a component file as the tool's documentation has them.
func componentYAML(provider, kind, flavor, name string, config ...string) string {
	text := fmt.Sprintf("spec_version: 1\nspec_type: component\ncomponent_type: %q\ncomponent_flavor: %q\nname: %q\nprovider: %s\n", kind, flavor, name, provider)
	if len(config) > 0 {
		text += "metadata:\n  config:\n"
	}

	for _, line := range config {
		text += "    " + line + "\n"
	}

	return text
}

func stackYAML(provider, name string, files ...string) string {
	text := fmt.Sprintf("spec_version: 1\nspec_type: stack\nname: %s\nprovider: %s\ncomponents:\n", name, provider)
	for _, file := range files {
		text += "  - " + file + "\n"
	}

	return text
}
