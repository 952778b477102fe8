package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Check says everything that will not work in a stack, errors first. What cannot be known yet is never a problem.
func (c Checker) Check(s Stack) []Problem {
	problems, settled := checkNames(s)
	if settled { // else the rest would be said of the wrong components
		problems = append(problems, c.checkComponents(s)...)
	}
	problems = append(problems, c.waiverProblems()...)
	for i := range problems {
		c.waive(&problems[i])
	}
	if c.WaiveUnknown {
		problems = slices.DeleteFunc(problems, func(p Problem) bool { return p.Severity == Error && slices.Contains(waivable(), p.ID) })
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return int(a.Severity) - int(b.Severity) })
	return problems
}

// checkComponents applies all rules but those about names and slots.
func (c Checker) checkComponents(s Stack) []Problem {
	var problems []Problem
	if !c.SkipConfig {
		problems = append(problems, checkConfigs(s)...)
	}
	problems = append(problems, checkShape(s)...)
	broken := slices.ContainsFunc(problems, func(p Problem) bool { return p.Source == SourceZenML && p.Severity == Error })
	problems = append(problems, c.checkBuilder(s, broken)...)
	problems = append(problems, c.checkTarget(s)...)
	for i := range s.Components {
		problems = append(problems, c.checkSubject(s, &s.Components[i], broken)...)
	}
	return slices.Concat(problems, checkMix(s), checkImport(s))
}

// checkConfigs asks ZenML's own questions about each component. One whose connector is unknown has none here, so that
// nothing is said of it.
func checkConfigs(s Stack) []Problem {
	var problems []Problem
	for i := range s.Components {
		c := &s.Components[i]
		if c.Unknown || c.ZenML == "" || strings.HasPrefix(c.Flavor, "custom/") {
			continue // ZenML does not know it, or nobody does yet
		}
		given := c.Given
		if given == nil {
			given = c.Config
		}
		for _, p := range zenml.Check(c.Kind, c.ZenML, given, c.Connector) {
			source := SourceZenML
			if slices.ContainsFunc(allRules(), func(r Rule) bool { return r.ID == p.Rule && r.Source == SourceOurs }) {
				source = SourceOurs
			}
			problems = append(problems, Problem{
				ID: p.Rule, Kind: KindConfig, Source: source, Stage: p.Stage, Subject: c.party(p.Path...),
				Summary: "Invalid configuration of " + c.label(), Message: c.label() + ": " + strings.TrimPrefix(strings.Join(p.Path, ".")+": ", ": ") + p.Message, Fix: p.Fix,
			})
		}
	}
	return problems
}

// checkSubject applies every rule that is about one component. ZenML's rules come in its own order and stop at the
// first objection, unless that is waived; they are asked only when the stack could be made at all.
func (c Checker) checkSubject(s Stack, subject *Component, broken bool) []Problem {
	if subject.Unknown {
		return nil
	}
	var problems []Problem
	var blamed []*Component
	objected := false
	for _, r := range rows() {
		if r.source == SourceZenML && (broken || objected) {
			continue
		}
		at := situation{stack: &s, subject: subject, builderDefault: c.ImageBuilderDefault}
		f := r.judge(at)
		if f.holds != zenml.False {
			continue
		}
		if r.source == SourceOurs && len(f.objects) > 0 {
			// What was refused already is not worth a second word.
			f.objects = slices.DeleteFunc(f.objects, func(o *Component) bool { return slices.Contains(blamed, o) })
			if len(f.objects) == 0 {
				continue
			}
		}
		if r.severity == Error && !slices.Contains(c.Waive, r.id) {
			blamed = append(blamed, f.objects...)
			objected = objected || r.source == SourceZenML
		}
		problems = append(problems, c.problem(r, f, at))
	}
	return problems
}

func (c Checker) problem(r row, f finding, at situation) Problem {
	p := Problem{
		ID: r.id, Severity: r.severity, Kind: KindComposition, Source: r.source, Subject: at.subject.party(f.path...), Missing: f.missing,
		Message: f.message, Because: r.because, Fix: r.fix,
	}
	for _, o := range f.objects {
		p.Others = append(p.Others, o.party())
	}
	switch {
	case len(f.missing) > 0:
		p.Summary = fmt.Sprintf("%s needs %s", at.subject.label(), a(joined(f.missing)))
	case len(f.objects) > 0:
		p.Summary = fmt.Sprintf("%s does not fit %s", at.subject.label(), labels(f.objects))
	default:
		p.Summary = at.subject.label() + " cannot work in this stack"
	}
	if own := c.suggestInstead(r, f, at); own != "" {
		p.Fix = own
	}
	if hint := c.suggest(r, f, at); hint != "" {
		p.Fix = strings.TrimSpace(hint + " " + p.Fix)
	}
	return p
}

// waive turns a problem into a warning when the stack says so. A warning stays one, and is marked.
func (c Checker) waive(p *Problem) {
	if !slices.Contains(c.Waive, p.ID) || !slices.Contains(waivable(), p.ID) {
		return
	}
	p.Message += fmt.Sprintf(" The stack waives the rule %q", p.ID)
	if p.Severity == Error {
		p.Message += ", so this is only a warning"
	}
	p.Message += "."
	p.Severity, p.Waived = Warning, true
}

// waiverProblems speaks up for waivers that waive nothing, which are most likely misspelled.
func (c Checker) waiverProblems() []Problem {
	var problems []Problem
	known := waivable()
	for _, id := range c.Waive {
		if slices.Contains(known, id) {
			continue
		}
		p := Problem{ID: "unknown-waiver", Kind: KindWaiver, Source: SourceOurs, Summary: "Unknown rule in waive", Message: fmt.Sprintf("There is no rule %q to waive.", id)}
		if at := slices.IndexFunc(allRules(), func(r Rule) bool { return r.ID == id }); at >= 0 {
			p.Summary, p.Message = "Rule cannot be waived", fmt.Sprintf("The rule %q cannot be waived: without it there is no stack that ZenML could make.", id)
			if allRules()[at].Kind == KindConfig {
				p.Message = fmt.Sprintf("The rule %q cannot be waived: a component with such a configuration is refused whatever stack it is in.", id)
			}
		} else if near := zenml.DidYouMean(id, known); near != "" {
			p.Fix = fmt.Sprintf("Did you mean %q?", near)
		}
		problems = append(problems, p)
	}
	return problems
}
