package flavor

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// fieldAttributes makes the attributes that meta.Fields takes over from ZenML's facts, and `settings` for the rest.
func fieldAttributes(componentType string, meta Meta) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}

	facts, ok := zenml.Lookup(componentType, meta.ZenML)
	if !ok || meta.Fields == nil {
		return attributes
	}

	for name, text := range meta.Fields {
		field, ok := facts.Field(name)
		if !ok {
			panic(fmt.Sprintf("flavor %s/%s takes over %q, which ZenML %s does not have",
				componentType, meta.Name, name, zenml.Version))
		}

		if field.Secret {
			secretAttributes(attributes, field, text)

			continue
		}

		attributes[name] = attribute(field, text)
	}

	attributes[settingsName] = schema.DynamicAttribute{Optional: true, MarkdownDescription: describeSettings(restOf(facts, meta))}

	return attributes
}

// describeSettings is the description of settings. A flavor whose options all have attributes has it too: Terraform would
// drop what a user writes there without a word, where we can say what is wrong with it.
func describeSettings(options []string) string {
	if len(options) == 0 {
		return "An object with further options of ZenML's; this flavor has none beside its attributes."
	}

	return fmt.Sprintf("An object with any of ZenML's further options of this flavor; names and values are checked at plan. "+
		"Options: `%s`.", strings.Join(options, "`, `"))
}

// checkSettings refuses options that have an attribute of their own, secrets above all: settings are kept in the state.
func (f Flavor) checkSettings(kind Kind, v Values) []Problem {
	settings, ok := v[settingsName].(map[string]any)
	if !ok {
		return nil
	}

	attributes := f.attributes(kind)

	var problems []Problem

	for _, name := range slices.Sorted(maps.Keys(settings)) {
		instead := name
		if _, secret := attributes[name+WriteOnlySuffix]; secret {
			instead = name + WriteOnlySuffix + " with " + name + VersionSuffix + ", or " + name + ReferenceSuffix
		} else if _, typed := attributes[name]; !typed && f.Attribute[name] == "" {
			continue
		}

		if attribute := f.Attribute[name]; attribute != "" {
			instead = attribute
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

// attribute makes the attribute of one field that is not secret. Fields of other than plain types belong in settings.
func attribute(field zenml.Field, text string) schema.Attribute {
	text += describe(field)
	computed := !field.Required && field.Default != nil && field.Default != ""

	switch field.Type {
	case "string", "enum":
		a := schema.StringAttribute{Required: field.Required, Optional: !field.Required, Computed: computed, MarkdownDescription: text}
		if computed {
			a.Default = stringdefault.StaticString(fmt.Sprint(field.Default))
		}

		if len(field.Values) > 0 {
			a.Validators = []validator.String{stringvalidator.OneOf(field.Values...)}
		} else {
			a.Validators = []validator.String{stringvalidator.LengthAtLeast(1)}
		}

		return a
	case "int":
		a := schema.Int64Attribute{Required: field.Required, Optional: !field.Required, Computed: computed, MarkdownDescription: text}
		if n, ok := field.Default.(int64); ok {
			a.Default = int64default.StaticInt64(n)
		}

		if isPort(field.Name) {
			a.Validators = []validator.Int64{int64validator.Between(1, 65535)}
		}

		return a
	case "float":
		a := schema.Float64Attribute{Required: field.Required, Optional: !field.Required, Computed: computed, MarkdownDescription: text}
		if n, ok := field.Default.(float64); ok {
			a.Default = float64default.StaticFloat64(n)
		} else if n, ok := field.Default.(int64); ok {
			a.Default = float64default.StaticFloat64(float64(n))
		}

		a.Validators = []validator.Float64{float64validator.AtLeast(0)}

		return a
	case "bool":
		a := schema.BoolAttribute{Required: field.Required, Optional: !field.Required, Computed: computed, MarkdownDescription: text}
		if b, ok := field.Default.(bool); ok {
			a.Default = booldefault.StaticBool(b)
		}

		return a
	case "list":
		return schema.ListAttribute{Required: field.Required, Optional: !field.Required, ElementType: types.StringType, MarkdownDescription: text}
	case "map":
		return schema.MapAttribute{Required: field.Required, Optional: !field.Required, ElementType: types.StringType, MarkdownDescription: text}
	}

	panic(fmt.Sprintf("field %q of type %s has no attribute type; leave it to settings", field.Name, field.Type))
}

func describe(field zenml.Field) string {
	var text strings.Builder

	if len(field.Values) > 0 {
		fmt.Fprintf(&text, " One of `%s`.", strings.Join(field.Values, "`, `"))
	}

	if field.Default == "" {
		return text.String()
	}

	switch field.Default.(type) {
	case string, bool, int64, float64:
		fmt.Fprintf(&text, " Defaults to `%v`.", field.Default)
	}

	return text.String()
}

func isPort(name string) bool { return name == "port" || strings.HasSuffix(name, "_port") }

var secretReference = regexp.MustCompile(`^[^\s.{}]+\.[^\s{}]+$`)

// secretAttributes offers a secret field as a write-only argument with a version, or as a reference to a secret
// that ZenML holds. A secret of the user's own is never an attribute that the state would keep.
func secretAttributes(attributes map[string]schema.Attribute, field zenml.Field, text string) {
	name := field.Name
	beside := path.MatchRelative().AtParent()
	need := ""

	if field.Required {
		need = " This or `" + name + ReferenceSuffix + "` is required."
	}

	attributes[name+WriteOnlySuffix] = schema.StringAttribute{
		Optional:  true,
		Sensitive: true,
		WriteOnly: true,
		MarkdownDescription: text + need + " Write-only: it is neither in the plan nor in the state; ZenML's configuration refers to it as " +
			"`{{<component name>." + name + "}}`, a secret that must exist in ZenML (see `required_secrets` of the stack).",
		Validators: []validator.String{
			stringvalidator.LengthAtLeast(1),
			stringvalidator.AlsoRequires(beside.AtName(name + VersionSuffix)),
			stringvalidator.ConflictsWith(beside.AtName(name + ReferenceSuffix)),
		},
	}
	attributes[name+VersionSuffix] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "Version of `" + name + WriteOnlySuffix + "`. Raise it to hand over a changed value.",
		Validators:          []validator.Int64{int64validator.AlsoRequires(beside.AtName(name + WriteOnlySuffix))},
	}
	attributes[name+ReferenceSuffix] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "In place of `" + name + WriteOnlySuffix + "`: a secret that ZenML holds, as `name.key`.",
		Validators: []validator.String{
			stringvalidator.RegexMatches(secretReference, "must be the name of a ZenML secret, a dot and a key in it, such as wandb.api_key"),
		},
	}
}
