package component

import (
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// replacements finds what of a change makes another object of the component, beside what the schema marks, and says so
// in the plan.
func (r *Resource) replacements(
	plan, state object, f flavor.Flavor, v flavor.Values, facts flavor.Facts, imported bool, resp *resource.ModifyPlanResponse,
) bool {
	if len(state) == 0 {
		return false
	}

	if was := state.plain("flavor"); was != nil && was != facts.Flavor {
		// Another flavor is another thing: nothing of the old one can be kept.
		resp.RequiresReplace.Append(path.Root("flavor"))

		return true
	}

	replaced := false

	if f.Named && state.plain("name") != nil && state.plain("name") != plan.plain("name") {
		resp.RequiresReplace.Append(path.Root("name"))

		replaced = true
	}

	if f.Clustered && !unplaced(state, f) && moved(state.plain("cluster"), plan.plain("cluster")) {
		resp.RequiresReplace.Append(path.Root("cluster"))

		replaced = true
	}

	before, err := values(state, f)
	if err != nil || state[f.Name].IsNull() {
		return replaced
	}

	for _, reason := range f.Replaces(before, v) {
		if imported && len(reason.Path) > 0 && before[reason.Path[0]] == nil {
			continue // the object could not tell, and the first update takes over what is wanted
		}

		at := within(f, reason.Path)

		if reason.Refused {
			resp.Diagnostics.AddAttributeError(at, reason.Summary, reason.Detail)

			continue
		}

		resp.RequiresReplace.Append(at)
		resp.Diagnostics.AddAttributeWarning(at, reason.Summary, reason.Detail)

		replaced = true
	}

	return replaced
}

// moved says that a component is to live in another cluster than it does, or in one that took the place of its own. What
// cannot be told yet counts as another one. A cluster that is only reached in another way is the same.
func moved(before, after any) bool {
	if zenml.IsUnknown(after) {
		return true
	}

	was, _ := before.(map[string]any)
	is, _ := after.(map[string]any)

	if was == nil || is == nil {
		return (was == nil) != (is == nil)
	}

	if was["incarnation"] == nil || is["incarnation"] == nil {
		return false // one of them could not be asked, and nothing says that it is another
	}

	return was["incarnation"] != is["incarnation"]
}
