package flavor

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
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

		if len(field.Values) == 0 { // allowed values are for ZenML's own check, which knows what may have been meant
			a.Validators = []validator.String{stringvalidator.LengthAtLeast(1)}
		}

		return a
	case "int":
		a := schema.Int64Attribute{Required: field.Required, Optional: !field.Required, Computed: computed, MarkdownDescription: text}
		if n, ok := field.Default.(int64); ok {
			a.Default = int64default.StaticInt64(n)
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
