package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// suggest names the flavors with which a failing rule would be content: each candidate is put in the place of what
// was objected to, or where something is missing, and the rules about the subject are asked again.
func (c Checker) suggest(r row, f finding, at situation) string {
	kinds := slices.Clone(f.missing)
	for _, o := range f.objects {
		if !slices.Contains(kinds, o.Kind) {
			kinds = append(kinds, o.Kind)
		}
	}
	var hints []string
	for _, kind := range kinds {
		var fitting []string
		for _, candidate := range c.Candidates {
			if candidate.Kind == kind && !slices.Contains(fitting, candidate.Flavor) && c.fits(r, candidate, at) {
				fitting = append(fitting, candidate.Flavor)
			}
		}
		if len(fitting) > 0 {
			hints = append(hints, fmt.Sprintf("As %s use one of: %s.", kind, strings.Join(fitting, ", ")))
		}
	}
	return strings.Join(hints, " ")
}

// fits tells whether neither the failing rule nor another error about the same subject would object to the candidate.
func (c Checker) fits(failing row, candidate Candidate, at situation) bool {
	subject := *at.subject
	trial := Stack{Target: at.stack.Target, UnknownSlots: at.stack.UnknownSlots}
	replaced := Adapt(candidate.Kind, candidate.ZenML, candidate.Config, nil)
	replaced.Flavor = candidate.Flavor
	replaced.Provides = append(slices.Clone(candidate.Provides), replaced.Provides...)
	// The subject goes in under its own address, so that it is recognized; the other components keep their order.
	place := -1
	for i := range at.stack.Components {
		other := at.stack.Components[i]
		switch {
		case &at.stack.Components[i] == at.subject:
			place = len(trial.Components)
			trial.Components = append(trial.Components, subject)
		case other.Kind != candidate.Kind:
			trial.Components = append(trial.Components, other)
		}
	}
	if place < 0 {
		return false
	}
	trial.Components = append(trial.Components, replaced)
	again := situation{stack: &trial, subject: &trial.Components[place], builderDefault: at.builderDefault}
	newcomer := &trial.Components[len(trial.Components)-1]
	for _, r := range rows() {
		if r.id != failing.id && (r.severity != Error || r.about == "*/*") {
			continue
		}
		f := r.judge(again)
		if f.holds == zenml.False && (slices.Contains(f.objects, newcomer) || (r.id == failing.id && slices.Contains(f.missing, candidate.Kind))) {
			return false
		}
	}
	return true
}
