package compose

import (
	"fmt"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

const (
	idMissing    = "stack-needs-core"
	idMany       = "stack-takes-one"
	idBuilder    = "image-builder-defaulted"
	idLocalMixed = "local-and-remote-mixed"
	idImport     = "zenml-cannot-import"
)

const becauseImport = "ZenML has no such flavor, and a stack of ZenML has an orchestrator and an artifact store"

// stackRules describes the rules about the stack as a whole.
func stackRules() []Rule {
	return []Rule{
		{
			ID: idMissing, Kind: KindMissing, Source: SourceZenML, About: []string{"*/*"}, Demand: "A stack has an orchestrator and an artifact store.",
			Because: "nothing can run without the one or be kept without the other",
		},
		{
			ID: idMany, Kind: KindCardinality, Source: SourceZenML, About: []string{"*/*"},
			Demand:  "A stack has at most one component of each kind, except for alerter, experiment_tracker, sandbox and step_operator.",
			Because: "ZenML would not know which one is meant",
		},
		{
			ID: idBuilder, Severity: Warning, Kind: KindComposition, Source: SourceZenML, About: []string{"*/*"},
			Demand:  "A stack that builds images names its image builder.",
			Because: "ZenML adds one that builds with Docker on the machine that starts the pipeline", Waivable: true,
		},
		{
			ID: idLocalMixed, Severity: Warning, Kind: KindComposition, Source: SourceZenML, About: []string{"*/*"},
			Demand:  "A stack is either bound to this machine or runs elsewhere.",
			Because: "what runs elsewhere may not reach what is bound to this machine", Waivable: true,
		},
		{
			ID: idImport, Severity: Warning, Kind: KindComposition, Source: SourceOurs, About: []string{"*/*"},
			Demand:  "ZenML has the flavors of the orchestrator and of the artifact store.",
			Because: becauseImport, Waivable: true,
		},
	}
}

// checkImport warns of stacks whose YAML lacks what ZenML wants in one.
func checkImport(s Stack) []Problem {
	var problems []Problem
	for i := range s.Components {
		c := &s.Components[i]
		if c.Unknown || c.ZenML != "" || (c.Kind != kindOrchestrator && c.Kind != kindStore) {
			continue
		}
		problems = append(problems, Problem{
			ID: idImport, Severity: Warning, Kind: KindComposition, Source: SourceOurs, Subject: c.party(),
			Summary: "ZenML cannot import the stack", Message: fmt.Sprintf("%s is not in zenml_yaml, so that ZenML cannot import the stack.", c.label()),
			Because: becauseImport, Fix: "Use " + a(words(c.Kind)) + " that ZenML has, or use the stack without ZenML.",
		})
	}
	return problems
}

// checkShape says what every stack must have and what it may have only once.
func checkShape(s Stack) []Problem {
	var problems []Problem
	whole := situation{stack: &s}
	for _, kind := range []string{kindOrchestrator, kindStore} {
		if whole.present(kind) == zenml.False {
			problems = append(problems, Problem{
				ID: idMissing, Kind: KindMissing, Source: SourceZenML, Subject: Party{Slot: kind, Kind: kind}, Missing: []string{kind},
				Summary: "Stack has no " + kind, Message: "A stack needs an orchestrator and an artifact store; this one has no " + kind + ".",
				Because: "nothing can run without the one or be kept without the other", Fix: "Set " + kind + ".",
			})
		}
	}
	var counted []string
	for i := range s.Components {
		c := &s.Components[i]
		if slices.Contains(counted, c.Kind) || zenml.Repeatable(c.Kind) {
			continue
		}
		counted = append(counted, c.Kind)
		sure := slices.DeleteFunc(whole.ofKind(c.Kind), func(c *Component) bool { return c.Unknown })
		if len(sure) < 2 {
			continue
		}
		p := Problem{
			ID: idMany, Kind: KindCardinality, Source: SourceZenML, Subject: sure[1].party(), Summary: "Stack has more than one " + c.Kind,
			Message: fmt.Sprintf("A stack takes one %s; this one has %s.", c.Kind, labels(sure)), Because: "ZenML would not know which one is meant", Fix: "Keep one of them.",
		}
		for j, other := range sure {
			if j != 1 {
				p.Others = append(p.Others, other.party())
			}
		}
		problems = append(problems, p)
	}
	return problems
}

// checkBuilder warns of the image builder that ZenML adds on its own.
func (c Checker) checkBuilder(s Stack, broken bool) []Problem {
	whole := situation{stack: &s}
	if broken || !c.ImageBuilderDefault || whole.present(kindImageBuilder) != zenml.False || builderDefaulted(whole) != zenml.True {
		return nil
	}
	return []Problem{{
		ID: idBuilder, Severity: Warning, Kind: KindComposition, Source: SourceZenML, Subject: Party{Slot: kindImageBuilder, Kind: kindImageBuilder},
		Summary: "ZenML adds a local image builder", Message: "The stack builds images but names no image builder, so ZenML builds them with Docker on the machine that starts the pipeline.",
		Because: "it adds a local one to every stack that needs one", Fix: "Set image_builder to say where images are built.", Missing: []string{kindImageBuilder},
	}}
}

// checkMix warns of stacks that are half here and half elsewhere.
func checkMix(s Stack) []Problem {
	var here, there []*Component
	for i := range s.Components {
		c := &s.Components[i]
		switch local := isLocal(c); {
		case local == zenml.True:
			here = append(here, c)
		case local == zenml.False && isRemote(c) == zenml.True:
			there = append(there, c)
		}
	}
	if len(here) == 0 || len(there) == 0 {
		return nil
	}
	p := Problem{
		ID: idLocalMixed, Severity: Warning, Kind: KindComposition, Source: SourceZenML, Subject: here[0].party(),
		Summary: "Stack is half on this machine and half elsewhere", Message: fmt.Sprintf("%s: bound to this machine. %s: elsewhere.", labels(here), labels(there)),
		Because: "what runs elsewhere may not reach what is bound to this machine", Fix: "Keep all of the stack on one side.",
	}
	for _, c := range slices.Concat(here[1:], there) {
		p.Others = append(p.Others, c.party())
	}
	return []Problem{p}
}
