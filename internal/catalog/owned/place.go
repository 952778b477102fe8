package owned

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// Place are the attributes that flavors with an object on this machine share. Embed it in the configuration.
type Place struct {
	Path         string `tfsdk:"path"`
	ForceDestroy bool   `tfsdk:"force_destroy"`
}

func (p *Place) place() *Place { return p }

// placed is a pointer to a configuration that embeds Place.
type placed[C any] interface {
	*C
	place() *Place
}

// Attributes are the attributes of Place. what says in a few words what the path leads to.
func Attributes(what string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"path": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Path of " + what + "; a relative one starts where Terraform runs. Another path is another object: it replaces this one.",
			Validators:          PathValidators(),
			PlanModifiers:       []planmodifier.String{replaceWhenMoved()},
		},
		"force_destroy": schema.BoolAttribute{
			Optional:            true,
			Computed:            true,
			Default:             booldefault.StaticBool(false),
			MarkdownDescription: "Whether destroying may delete data in it. Defaults to `false`; apply a change before destroying.",
		},
	}
}

// PathValidators refuse what cannot be the path of a place.
func PathValidators() []validator.String {
	return []validator.String{
		stringvalidator.LengthAtLeast(1),
		stringvalidator.RegexMatches(regexp.MustCompile(`^(?:[^~]|$)`), "must not begin with ~: "+tildeAdvice),
		stringvalidator.RegexMatches(regexp.MustCompile(`^(?:[^:/]*(?:/|$)|[^/]*:(?:[^/]|/[^/]|/?$))`),
			"must be a path on this machine, not an address with a scheme"),
	}
}

const tildeAdvice = `only a shell takes that for the home directory; write pathexpand("~/…"), or "./~…" for a name that begins so`

// refuseTilde refuses at apply what PathValidators could not see, because it was not known at plan.
func refuseTilde(path string) error {
	if !strings.HasPrefix(path, "~") {
		return nil
	}

	return &flavor.AttributeError{
		Attribute: []string{"path"},
		Err:       fmt.Errorf("path %q begins with ~", path),
		Fix:       "Nothing was made: " + tildeAdvice + ".",
	}
}

// replaceWhenMoved lets "./a" and "/srv/a" be the same place.
func replaceWhenMoved() planmodifier.String {
	return stringplanmodifier.RequiresReplaceIf(
		func(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
			resp.RequiresReplace = Absolute(req.StateValue.ValueString()) != Absolute(req.PlanValue.ValueString())
		}, "Another path is another object.", "Another path is another object.")
}

// Absolute is the place a path leads to from where Terraform runs.
func Absolute(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return path // only when the working directory is gone; the operation itself will say so
	}

	return absolute
}

// ZenML is ZenML's configuration of a flavor on this machine: the fields it takes over and its settings, as they are,
// and what it makes of its other attributes.
func ZenML(v flavor.Values, fields map[string]string, made map[string]any) map[string]any {
	configuration := map[string]any{}

	flavor.AddSettings(configuration, v)

	for name := range fields {
		if v[name] != nil {
			configuration[name] = v[name]
		}
	}

	for name, value := range made {
		if value != nil {
			configuration[name] = value
		}
	}

	return configuration
}

// RefuseInURL objects to a path that cannot stand in the URL of an SQLite database.
func RefuseInURL(v flavor.Values) []flavor.Problem {
	path, ok := v["path"].(string)
	if !ok || !strings.Contains(Absolute(path), "?") {
		return nil
	}

	return []flavor.Problem{{
		Path:    []string{"path"},
		Summary: "Path cannot stand in a database URL",
		Detail: fmt.Sprintf("The path %q holds a question mark, where clients take the database's name to end.\n\nChoose a path without it.",
			Absolute(path)),
	}}
}
