package compose

import (
	"slices"
	"strings"
	"sync"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// Rule describes a rule for documentation and waivers.
type Rule struct {
	// ID is stable and never reused.
	ID       string
	Severity Severity
	// Kind is one of the Kind constants, Source one of the Source constants.
	Kind, Source string
	// About lists what the rule is about as kind/flavor patterns in ZenML's names; ours stand behind a colon.
	About []string
	// Demand is one sentence, Because the reason.
	Demand, Because string
	// Waivable says that a stack may turn the rule's problems into warnings.
	Waivable bool
}

// row is a rule about two or more components.
type row struct {
	id       string
	severity Severity
	about    string    // one kind/flavor pattern
	when     Condition // the rule applies to a subject of which this holds; the zero value always does
	demand   demand
	because  string
	fix      string // what to do beside using a flavor that is suggested
	instead  bool   // another flavor of the subject, which ZenML knows under the same name, is what to do
	settled  bool   // fix says all there is to do: no flavor is suggested
	source   string
}

// demand is what a rule wants. Its text completes "It …".
type demand struct {
	text  string
	judge func(situation) finding
}

// finding is what a demand found in a situation.
type finding struct {
	holds   Truth
	objects []*Component // the components objected to, other than the subject
	missing []string     // the kinds that would have to be there
	path    []string     // the field of the subject that is at fault
	message string       // the fact
}

// concerns tells whether the rule applies to a component.
func (r row) concerns(c *Component) Truth {
	if !matches(r.about, c) {
		return zenml.False
	}
	if r.when.of == nil {
		return zenml.True
	}
	return r.when.of(c)
}

// judge applies the rule; anything but a certain objection holds.
func (r row) judge(s situation) finding {
	applies := r.concerns(s.subject)
	if applies == zenml.False {
		return finding{holds: zenml.True}
	}
	f := r.demand.judge(s)
	if applies == zenml.Undecided && f.holds == zenml.False {
		f.holds = zenml.Undecided
	}
	return f
}

func (r row) describe() Rule {
	text := "It " + r.demand.text + "."
	if exception, negated := strings.CutPrefix(r.when.text, unless); negated {
		text = "Unless it " + exception + ": it " + r.demand.text + "."
	} else if r.when.of != nil {
		text = "When it " + r.when.text + ": it " + r.demand.text + "."
	}
	return Rule{ID: r.id, Severity: r.severity, Kind: KindComposition, Source: r.source, About: []string{r.about}, Demand: text, Because: r.because, Waivable: true}
}

// rows lists the rules about several components. Those of ZenML stand in the order in which ZenML asks.
var rows = sync.OnceValue(func() []row { return slices.Concat(zenmlRows(), ourRows()) })

// Rules lists every rule, by source and then in the order in which they are asked.
func Rules() []Rule { return slices.Clone(allRules()) }

var allRules = sync.OnceValue(func() []Rule {
	rules := append(stackRules(), nameRules()...)
	for _, r := range rows() {
		rules = append(rules, r.describe())
	}
	rules = append(rules, targetRules()...)
	for _, r := range zenml.Rules() { // not waivable: a component is refused for them by itself, before any stack takes it
		source := SourceZenML
		if r.Ours {
			source = SourceOurs
		}
		rules = append(rules, Rule{ID: r.ID, Kind: KindConfig, Source: source, About: r.On, Demand: r.Demand, Because: r.Because})
	}
	return merge(rules)
})

// merge joins rows that share an id: one rule about several flavors.
func merge(rules []Rule) []Rule {
	var out []Rule
	for _, r := range rules {
		at := slices.IndexFunc(out, func(o Rule) bool { return o.ID == r.ID })
		if at < 0 {
			out = append(out, r)
			continue
		}
		out[at].About = append(slices.Clone(out[at].About), r.About...)
	}
	return out
}

// RuleIDs lists the ids that a waiver may name, in alphabetical order.
func RuleIDs() []string { return slices.Clone(waivable()) }

var waivable = sync.OnceValue(func() []string {
	var ids []string
	for _, r := range Rules() {
		if r.Waivable {
			ids = append(ids, r.ID)
		}
	}
	slices.Sort(ids)
	return ids
})

func joined(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
	}
}

// a puts the article before a kind.
func a(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}
