package stack

import (
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// judge returns every objection to a stack, errors and warnings.
func (r *Resource) judge(s content) []compose.Problem {
	judged := compose.Stack{UnknownSlots: s.unknown}
	judged.Name, _ = s.name.(string)
	judged.Target, _ = s.target.(string)

	for _, c := range s.components {
		judged.Components = append(judged.Components, c.Component)
	}

	checker := compose.Checker{Candidates: r.candidates(), Waive: s.waive, WaiveUnknown: s.waiveUnknown, ImageBuilderDefault: true}

	return checker.Check(judged)
}

// Candidates lists what the catalog offers, for suggestions. What a user would still have to configure is unknown.
func Candidates(kinds []flavor.Kind) []compose.Candidate {
	var candidates []compose.Candidate

	for _, kind := range kinds {
		for _, f := range kind.Flavors {
			candidate := compose.Candidate{Kind: kind.Name, Flavor: f.Name, Provides: f.Provides, Here: f.Runs == flavor.ThisMachine}

			if kind.ZenML {
				candidate.ZenML = f.ZenML
				candidate.Config = flavor.Facts{ZenML: f.ZenML, Open: true}.Complete(kind.Name)
			}

			candidates = append(candidates, candidate)
		}
	}

	return candidates
}

// settled says that nothing of the stack is left to apply.
func (s content) settled() bool {
	if len(s.unknown) > 0 || s.waiveUnknown || zenml.IsUnknown(s.name) || zenml.IsUnknown(s.target) {
		return false
	}

	for _, c := range s.components {
		if !c.known() {
			return false
		}
	}

	return true
}
