package custom

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/slot"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Door is the flavor `custom` of a kind: a component of a flavor that an mlstacks_flavor describes.
func Door(kind flavor.Kind) flavor.Flavor {
	return flavor.External(flavor.Meta{
		Name:     "custom",
		Summary:  "A flavor of your own, described by an `mlstacks_flavor`.",
		Runs:     flavor.Custom,
		Rest:     "config",
		View:     view,
		Imported: imported,
	}, map[string]schema.Attribute{
		"flavor": schema.SingleNestedAttribute{
			Required:            true,
			MarkdownDescription: "The flavor: an `mlstacks_flavor`, whole.",
			Attributes: map[string]schema.Attribute{
				"component_type": schema.StringAttribute{Required: true, MarkdownDescription: "Type of component the flavor is for."},
				"name":           schema.StringAttribute{Required: true, MarkdownDescription: "Name of the flavor."},
				"schemes":        schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "URI schemes of its path."},
				"provides":       schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "What it provides."},
				"config_schema":  schema.StringAttribute{Optional: true, MarkdownDescription: "JSON Schema of its configuration."},
			},
		},
		"config": schema.DynamicAttribute{
			Optional:            true,
			MarkdownDescription: "The configuration: an object that the flavor's `config_schema` allows. Refer to secrets as `{{name.key}}`.",
		},
	}).Checked(func(v flavor.Values) []flavor.Problem { return check(kind, v) })
}

func view(v flavor.Values) flavor.Facts {
	if v["flavor"] == nil {
		return flavor.Facts{} // an import knows no more than the name, which the state holds
	}

	of, known := v["flavor"].(map[string]any)
	if !known {
		return flavor.Facts{Flavor: zenml.Unknown{}, ZenML: zenml.Unknown{}, Provides: zenml.Unknown{}, URI: zenml.Unknown{}}
	}

	configuration, known := v["config"].(map[string]any)
	if configuration == nil {
		configuration = map[string]any{}
	}

	facts := flavor.Facts{
		Flavor:        flavor.Map(of["name"], func(name string) any { return "custom/" + name }),
		ZenML:         of["name"],
		Configuration: configuration,
		Open:          !known && v["config"] != nil,
		Provides:      provided(of["provides"]),
	}

	for _, key := range []string{"path", "uri", "url"} { // the names ZenML's own flavors give an address
		_, written := configuration[key].(string)
		if facts.URI == nil && (written || zenml.IsUnknown(configuration[key])) {
			facts.URI = configuration[key]
		}
	}

	if facts.Open {
		facts.URI = zenml.Unknown{}
	}

	return facts
}

func check(kind flavor.Kind, v flavor.Values) []flavor.Problem {
	of, known := v["flavor"].(map[string]any)
	if !known {
		return nil
	}

	if made, ok := of["component_type"].(string); ok && made != kind.Name {
		return []flavor.Problem{{
			Path:    []string{"flavor"},
			Summary: "Flavor of another component type",
			Detail: fmt.Sprintf("%s is for %s, and this is %s.\n\nUse it in mlstacks_%s, or set component_type = %q on the flavor.",
				begin(called(of)), made, kind.Name, made, kind.Name),
		}}
	}

	if problems := checkInline(kind, of); len(problems) > 0 {
		return problems
	}

	switch config := v["config"].(type) {
	case nil:
		return against(of, map[string]any{})
	case map[string]any:
		return append(checkScheme(kind.Name, of, config), against(of, config)...)
	case zenml.Unknown:
		return nil
	default:
		return []flavor.Problem{{
			Path:    []string{"config"},
			Summary: "Configuration is not an object",
			Detail:  "The configuration of a flavor is an object of names and values.\n\nWrite config = { … }.",
		}}
	}
}

// checkInline judges a flavor that is written in place, as mlstacks_flavor judges one of its own.
func checkInline(kind flavor.Kind, of map[string]any) []flavor.Problem {
	name, known := of["name"].(string)
	if !known {
		return nil
	}

	refuse := func(summary, detail string) []flavor.Problem {
		return []flavor.Problem{{Path: []string{"flavor"}, Summary: summary, Detail: detail}}
	}

	if !slot.ValidName(name) {
		return refuse("Invalid name of a flavor",
			fmt.Sprintf("%q is not the name of a flavor.\n\nUse letters, digits, underscores and hyphens; begin with a letter or a digit.", name))
	}

	if shadows(kind, name) {
		return refuse("Name of a built-in flavor",
			fmt.Sprintf("%s has a built-in flavor %q.\n\nUse the built-in one, or choose another name.", kind.Name, name))
	}

	text, ok := of["config_schema"].(string)
	if !ok {
		return nil
	}

	var invalid *SchemaError
	if _, err := compile(text); errors.As(err, &invalid) {
		return refuse("Invalid JSON Schema", fmt.Sprintf("config_schema of flavor %q, line %d: %s.\n\nMend the schema; it is read as "+
			"JSON Schema draft 2020-12.", name, invalid.Line, invalid.Reason))
	}

	return nil
}

// against judges a configuration by the flavor's JSON Schema.
func against(of, config map[string]any) []flavor.Problem {
	text, ok := of["config_schema"].(string)
	if !ok {
		return nil
	}

	schema, err := compile(text)
	if err != nil {
		return nil // unreachable: checkInline has compiled it
	}

	var problems []flavor.Problem

	for _, objection := range judge(schema, config) {
		problems = append(problems, flavor.Problem{
			Path:    append([]string{"config"}, objection.path...),
			Summary: "Configuration refused by the flavor's schema",
			Detail: fmt.Sprintf("%s: %s.\n\nThe config_schema of %s decides what is allowed.",
				strings.Join(append([]string{"custom", "config"}, objection.path...), "."), objection.reason, called(of)),
		})
	}

	return problems
}

// checkScheme holds an artifact store's path to the schemes that its flavor declares.
func checkScheme(kind string, of, config map[string]any) []flavor.Problem {
	path, ok := config["path"].(string)

	schemes := texts(of["schemes"])
	if kind != artifactStore || !ok || zenml.IsSecretReference(path) || len(schemes) == 0 || zenml.HoldsUnknown(of["schemes"]) {
		return nil
	}

	if slices.ContainsFunc(schemes, func(scheme string) bool { return strings.HasPrefix(path, scheme) }) {
		return nil
	}

	return []flavor.Problem{{
		Path:    []string{"config", "path"},
		Summary: "Path with the wrong scheme",
		Detail: fmt.Sprintf("%q does not begin with a scheme of %s.\n\nBegin it with one of: %s.",
			path, called(of), strings.Join(schemes, ", ")),
	}}
}

// called names a flavor within a sentence.
func called(of map[string]any) string {
	if name, ok := of["name"].(string); ok {
		return fmt.Sprintf("flavor %q", name)
	}

	return "the flavor"
}

func begin(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

// imported splits "<flavor>/<name>".
func imported(identifier string) (string, string, bool) {
	name, id, _ := strings.Cut(identifier, "/")

	return "custom/" + name, id, slot.ValidName(name) && slot.ValidName(id)
}

// provided is what a flavor provides: nil, a list of texts, or unknown where a part of it is.
func provided(value any) any {
	switch {
	case value == nil:
		return nil
	case zenml.HoldsUnknown(value):
		return zenml.Unknown{}
	}

	return texts(value)
}

func texts(value any) []string {
	list, ok := value.([]any)
	if !ok {
		return nil
	}

	all := make([]string, 0, len(list))

	for _, element := range list {
		if text, ok := element.(string); ok {
			all = append(all, text)
		}
	}

	return all
}
