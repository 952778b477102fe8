package compose

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	idSlot    = "stack-slot-type"
	idPart    = "stack-slot-component"
	idTwins   = "component-names-differ"
	idDefault = "zenml-default-is-taken"
	idPrefix  = "zenml-import-prefix"
)

const (
	becauseSlot    = "each slot stands for one kind of component"
	becausePart    = "the stack is judged and written from what its slots hold"
	becauseTwins   = "ZenML knows a component by its type and name"
	becauseDefault = "ZenML comes with a stack, an orchestrator and an artifact store of that name"
	becausePrefix  = "an import looks a component up by the beginning of its name, and takes the longer one for the shorter"
)

// nameRules describes the rules about slots and names.
func nameRules() []Rule {
	everything := []string{"*/*"}

	return []Rule{
		{ID: idSlot, Kind: KindCardinality, Source: SourceOurs, About: everything, Demand: "A component stands in a slot of its own type.", Because: becauseSlot},
		{
			ID: idPart, Kind: KindCardinality, Source: SourceOurs, About: everything, Because: becausePart,
			Demand: "A slot holds a whole component: one with a name, with a flavor that exists, and with ZenML's name of that flavor.",
		},
		{ID: idTwins, Kind: KindCardinality, Source: SourceOurs, About: everything, Demand: "Components of one type have different names.", Because: becauseTwins},
		{
			ID: idDefault, Severity: Warning, Kind: KindComposition, Source: SourceOurs, About: everything, Waivable: true,
			Demand: "Neither the stack nor its orchestrator or artifact store is called default.", Because: becauseDefault,
		},
		{
			ID: idPrefix, Severity: Warning, Kind: KindComposition, Source: SourceOurs, About: everything, Waivable: true,
			Demand: "No component stands after one of its type whose name begins with its own.", Because: becausePrefix,
		},
	}
}

// checkNames says what is wrong with slots and names. A component in the wrong slot is judged no further: settled is
// false then.
func checkNames(s Stack) (problems []Problem, settled bool) {
	settled = true

	for i := range s.Components {
		c := &s.Components[i]
		if c.SlotKind != "" && !c.Unknown && c.SlotKind != c.Kind {
			problems = append(problems, misplaced(c))
			settled = false
		}

		if c.Fault != nil {
			problems = append(problems, malformed(c))
		}
	}

	problems = append(problems, s.defaultNames()...)

	for i := range s.Components {
		for j := range s.Components[:i] {
			if p, ok := twins(&s.Components[j], &s.Components[i]); ok {
				problems = append(problems, p)
			}
		}
	}

	return problems, settled
}

func misplaced(c *Component) Problem {
	return Problem{
		ID: idSlot, Kind: KindCardinality, Source: SourceOurs, Subject: c.party(),
		Summary: fmt.Sprintf("%s in the slot of %s", words(c.Kind), words(c.SlotKind)),
		Message: fmt.Sprintf("The slot %s takes a component of type %s; %q is of type %s.", c.Slot, c.SlotKind, c.Name, c.Kind),
		Because: becauseSlot, Fix: fmt.Sprintf("Give the slot an mlstacks_%s, or put %q in the slot %s.", c.SlotKind, c.Name, c.Kind),
	}
}

// malformed objects to what a slot holds: it is no component, so that nothing else can be said of it.
func malformed(c *Component) Problem {
	return Problem{
		ID: idPart, Kind: KindCardinality, Source: SourceOurs, Subject: c.party(), Summary: "No component in the slot " + c.place(),
		Message: c.place() + ": " + c.Fault.Message, Because: becausePart, Fix: c.Fault.Fix,
	}
}

func words(kind string) string { return strings.ReplaceAll(kind, "_", " ") }

// nouns lists kinds in a sentence.
func nouns(kinds []string) string {
	spoken := make([]string, len(kinds))
	for i, kind := range kinds {
		spoken[i] = a(words(kind))
	}

	return joined(spoken)
}

// defaultNames warns of the names that are taken in every ZenML.
func (s Stack) defaultNames() []Problem {
	const taken = "default"

	var problems []Problem

	object := func(subject Party, what string) {
		problems = append(problems, Problem{
			ID: idDefault, Severity: Warning, Kind: KindComposition, Source: SourceOurs, Subject: subject,
			Summary: "Name that ZenML has taken", Message: fmt.Sprintf("The %s is called %q, so that ZenML asks a question when it is imported.", what, taken),
			Because: becauseDefault, Fix: "Choose another name.",
		})
	}

	if s.Name == taken {
		object(Party{Slot: "name"}, "stack")
	}

	for i := range s.Components {
		if c := &s.Components[i]; c.Name == taken && (c.Kind == kindOrchestrator || c.Kind == kindStore) {
			object(c.party(), words(c.Kind))
		}
	}

	return problems
}

// twins objects to two components of a type whose names ZenML cannot tell apart.
func twins(first, second *Component) (Problem, bool) {
	if first.Kind != second.Kind || first.Unknown || second.Unknown || first.Name == "" || second.Name == "" {
		return Problem{}, false
	}

	if first.Name == second.Name {
		return Problem{
			ID: idTwins, Kind: KindCardinality, Source: SourceOurs, Subject: second.party(), Others: []Party{first.party()},
			Summary: "Two components of one name", Message: fmt.Sprintf("%s and %s are both of type %s and both called %q.", first.Slot, second.Slot, second.Kind, second.Name),
			Because: becauseTwins, Fix: "Give one of them another name, or use one component once.",
		}, true
	}

	if first.ZenML == "" || second.ZenML == "" || !beginsLike(first.Name, second.Name) {
		return Problem{}, false
	}

	return Problem{
		ID: idPrefix, Severity: Warning, Kind: KindComposition, Source: SourceOurs, Subject: second.party(), Others: []Party{first.party()},
		Summary: "Names that an import confuses", Message: fmt.Sprintf("%q stands after %q, which begins with the same letters.", second.Name, first.Name),
		Because: becausePrefix, Fix: "Put the shorter name first, or choose another name.",
	}, true
}

// beginsLike says whether ZenML finds the longer name when it looks for the shorter: it ignores case, and an underscore
// stands for any character.
func beginsLike(longer, shorter string) bool {
	for _, want := range shorter {
		letter, size := utf8.DecodeRuneInString(longer)
		if size == 0 || (want != '_' && unicode.ToLower(letter) != unicode.ToLower(want)) {
			return false
		}

		longer = longer[size:]
	}

	return true
}
