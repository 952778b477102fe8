package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// suggest names the flavors with which a failing rule would be content: each candidate is put in the place of what
// was objected to, or where something is missing, and the whole stack is judged again.
func (c Checker) suggest(r row, f finding, at situation) string {
	if r.settled {
		return ""
	}
	kinds := slices.Clone(f.missing)
	for _, o := range f.objects {
		if !slices.Contains(kinds, o.Kind) {
			kinds = append(kinds, o.Kind)
		}
	}
	var hints []string
	for _, kind := range kinds {
		replaced := slices.DeleteFunc(slices.Clone(f.objects), func(o *Component) bool { return o.Kind != kind })
		fitting := c.fitting(r, f, at, replaced, func(candidate Candidate) bool { return candidate.Kind == kind })
		if len(fitting) > 0 {
			hints = append(hints, fmt.Sprintf("As %s use one of: %s.", kind, strings.Join(fitting, ", ")))
		}
	}
	return strings.Join(hints, " ")
}

// suggestInstead names the other flavors that the subject itself could have, where a rule asks for that.
func (c Checker) suggestInstead(r row, f finding, at situation) string {
	if !r.instead {
		return ""
	}
	fitting := c.fitting(r, f, at, []*Component{at.subject}, func(candidate Candidate) bool {
		return candidate.Kind == at.subject.Kind && candidate.ZenML == at.subject.ZenML && candidate.Flavor != at.subject.Flavor
	})
	if len(fitting) == 0 {
		return ""
	}
	return "Use the flavor " + strings.Join(fitting, " or ") + "."
}

// fitting lists the flavors, of those that are asked for, that add no error to the stack: those that add no warning
// either, or else all of them.
func (c Checker) fitting(failing row, f finding, at situation, replaced []*Component, asked func(Candidate) bool) []string {
	var quiet, warned []string
	for _, candidate := range c.Candidates {
		if !asked(candidate) || slices.Contains(quiet, candidate.Flavor) || slices.Contains(warned, candidate.Flavor) {
			continue
		}
		if candidate.Here && slices.ContainsFunc(replaced, func(c *Component) bool { return c.Flavor == candidate.Flavor }) {
			continue
		}
		switch fits, warns := c.try(failing, f, at, trialOf(candidate, at, replaced)); {
		case fits && warns:
			warned = append(warned, candidate.Flavor)
		case fits:
			quiet = append(quiet, candidate.Flavor)
		}
	}
	if len(quiet) > 0 {
		return quiet
	}
	return warned
}

// trialOf is the stack with a candidate in the place of some components, or at its end where there are none. The
// subject of the situation is the candidate.
func trialOf(candidate Candidate, at situation, replaced []*Component) situation {
	newcomer := Adapt(candidate.Kind, candidate.ZenML, candidate.Config, nil)
	newcomer.Flavor = candidate.Flavor
	newcomer.Provides = append(slices.Clone(candidate.Provides), newcomer.Provides...)
	trial := Stack{Target: at.stack.Target, UnknownSlots: at.stack.UnknownSlots}
	place := -1
	for i := range at.stack.Components {
		c := &at.stack.Components[i]
		switch {
		case !slices.Contains(replaced, c):
			trial.Components = append(trial.Components, *c)
		case place < 0:
			place = len(trial.Components)
			newcomer.Slot = c.Slot
			trial.Components = append(trial.Components, newcomer)
		}
	}
	if place < 0 {
		place = len(trial.Components)
		trial.Components = append(trial.Components, newcomer)
	}
	return situation{stack: &trial, subject: &trial.Components[place], builderDefault: at.builderDefault}
}

// try judges a stack with a newcomer, its subject, by all rules, whatever they hide from each other otherwise. Only what
// is said of the newcomer counts: the rest was wrong before. The newcomer's own configuration is yet to be written.
func (c Checker) try(failing row, was finding, before, at situation) (fits, warns bool) {
	newcomer := at.subject
	for i := range at.stack.Components {
		again := at
		again.subject = &at.stack.Components[i]
		if again.subject.Unknown {
			continue
		}
		for _, r := range rows() {
			f := r.judge(again)
			if f.holds != zenml.False || (again.subject != newcomer && !slices.Contains(f.objects, newcomer)) {
				continue
			}
			if len(f.missing) > 0 && !slices.ContainsFunc(f.missing, func(kind string) bool { return !slices.Contains(was.missing, kind) }) {
				continue // it was missing before
			}
			if r.id == failing.id || (r.severity == Error && !slices.Contains(c.Waive, r.id)) {
				return false, false
			}
			warns = true
		}
	}
	for _, p := range slices.Concat(c.checkTarget(*at.stack), checkMix(*at.stack), checkImport(*at.stack)) {
		if !p.concerns(newcomer) {
			continue
		}
		if c.waive(&p); p.Severity == Error {
			return false, false
		}
		warns = true
	}
	built := len(c.checkBuilder(*at.stack, false)) > 0 && len(c.checkBuilder(*before.stack, false)) == 0
	return true, warns || built
}

// concerns tells whether a problem speaks of a component.
func (p Problem) concerns(c *Component) bool {
	is := func(party Party) bool { return party.Slot == c.Slot && party.Kind == c.Kind }
	return is(p.Subject) || slices.ContainsFunc(p.Others, is)
}
