// Package specdata shows the YAML of the mlstacks tool to Terraform: as the data source mlstacks_stack_spec, which reads
// files, and as the function stack_spec, which takes texts. What they understand is in the package spec.
package specdata

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/diagnose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/spec"
)

// result is what both answer with.
type result struct {
	Name       types.String               `tfsdk:"name"`
	Provider   types.String               `tfsdk:"provider_name"`
	Region     types.String               `tfsdk:"region"`
	Tags       map[string]string          `tfsdk:"tags"`
	Components map[string]componentResult `tfsdk:"components"`
	Warnings   []string                   `tfsdk:"warnings"`
	HCL        types.String               `tfsdk:"hcl"`
}

type componentResult struct {
	Name          string            `tfsdk:"name"`
	Type          string            `tfsdk:"type"`
	Flavor        string            `tfsdk:"flavor"`
	BuiltIn       bool              `tfsdk:"built_in"`
	Provider      string            `tfsdk:"provider"`
	Region        types.String      `tfsdk:"region"`
	Configuration map[string]string `tfsdk:"configuration"`
	Labels        map[string]string `tfsdk:"labels"`
	File          string            `tfsdk:"file"`
}

var texts = types.MapType{ElemType: types.StringType}

// componentTypes are the types of a component's attributes.
func componentTypes() map[string]attr.Type {
	return map[string]attr.Type{
		"name": types.StringType, "type": types.StringType, "flavor": types.StringType, "built_in": types.BoolType, "provider": types.StringType,
		"region": types.StringType, "configuration": texts, "labels": texts, "file": types.StringType,
	}
}

func resultOf(s spec.Stack, problems []spec.Problem) result {
	r := result{
		Name: types.StringValue(s.Name), Provider: types.StringValue(s.Provider), Region: orNull(s.Region), Tags: s.Tags,
		Components: map[string]componentResult{}, Warnings: []string{}, HCL: types.StringValue(s.HCL),
	}

	for _, c := range s.Components {
		r.Components[c.Key] = componentResult{
			Name: c.Name, Type: c.Type, Flavor: c.Flavor, BuiltIn: c.BuiltIn, Provider: c.Provider, Region: orNull(c.Region),
			Configuration: c.Configuration, Labels: c.Labels, File: c.File,
		}
	}

	for _, p := range problems {
		if p.Severity == compose.Warning {
			r.Warnings = append(r.Warnings, diagnose.SpecLine(worded(p)))
		}
	}

	return r
}

func worded(p spec.Problem) diagnose.SpecProblem {
	return diagnose.SpecProblem{
		Where: p.String(), Rule: p.Rule, Severity: p.Severity, Summary: p.Summary, Message: p.Message, Because: p.Because, Fix: p.Fix,
	}
}

func orNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}

	return types.StringValue(text)
}
