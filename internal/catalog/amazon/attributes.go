package amazon

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/aws/naming"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Attributes puts schemas together.
func Attributes(all ...map[string]schema.Attribute) map[string]schema.Attribute {
	together := map[string]schema.Attribute{}
	for _, attributes := range all {
		maps.Copy(together, attributes)
	}

	return together
}

// Located are what every component in AWS can say of where it is: C has `Region string`.
func Located() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"region": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(""),
			MarkdownDescription: "Region, where it is not the login's: such as `eu-central-1`. Changing it replaces the component. Defaults to `\"\"`, the login's.",
			PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(moves,
				"Another region replaces the component.", "Another region replaces the component.")},
		},
	}
}

// moves says that a component is to be in another region than it is: one that is named where it is already does not move.
func moves(ctx context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	var outputs map[string]string

	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("outputs"), &outputs)...)
	resp.RequiresReplace = req.PlanValue.IsUnknown() || req.PlanValue.ValueString() == "" || req.PlanValue.ValueString() != outputs["region"]
}

// Name is an attribute that names an object in AWS. Changing it replaces the component.
func Name(about string) schema.StringAttribute {
	return schema.StringAttribute{
		Required: true, MarkdownDescription: about + " Changing it replaces the component.",
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// Text is an optional text; empty is the default.
func Text(about string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, Default: stringdefault.StaticString(""), MarkdownDescription: about,
	}
}

// Switch is an optional bool.
func Switch(standard bool, about string) schema.BoolAttribute {
	return schema.BoolAttribute{
		Optional: true, Computed: true, Default: booldefault.StaticBool(standard),
		MarkdownDescription: fmt.Sprintf("%s Defaults to `%v`.", about, standard),
	}
}

// Number is an optional whole number.
func Number(standard int64, about string) schema.Int64Attribute {
	return schema.Int64Attribute{
		Optional: true, Computed: true, Default: int64default.StaticInt64(standard),
		MarkdownDescription: fmt.Sprintf("%s Defaults to `%d`.", about, standard),
	}
}

// Rule judges one attribute: it returns "" or what is wrong with a value.
type Rule struct {
	Attribute string
	Judge     func(string) string
}

// Judged is a check of texts that are known and not empty, by the rules of AWS.
func Judged(rules ...Rule) func(flavor.Values) []flavor.Problem {
	rules = append(rules, Rule{"region", naming.Region})

	return func(v flavor.Values) []flavor.Problem {
		var problems []flavor.Problem

		for _, rule := range rules {
			value, ok := v[rule.Attribute].(string)
			if !ok || value == "" || rule.Attribute == "region" && isSet(v["endpoint_url"]) {
				continue // a server that is not Amazon's calls its regions as it likes
			}

			if problem := rule.Judge(value); problem != "" {
				problems = append(problems, Refused(rule.Attribute, problem))
			}
		}

		return problems
	}
}

func isSet(value any) bool { return value != nil && value != "" }

// Refused is the objection to the value of an attribute.
func Refused(attribute, problem string) flavor.Problem {
	return flavor.Problem{
		Path: []string{attribute}, Summary: "Value that AWS does not take", Detail: attribute + ": " + problem,
	}
}
