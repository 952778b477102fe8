package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// ArgumentError is an argument of a function that is not what the function takes. It is worded as the rest of the sentence in
// which Terraform names the parameter.
type ArgumentError struct {
	// What is the fact with its value, Fix what to give instead.
	What, Fix string
}

// Error is the fact, then what to do.
func (m *ArgumentError) Error() string { return m.What + ". " + m.Fix }

// NotListed reports a text that is none of those a function knows.
func NotListed(what, given string, known []string) error {
	fix := "Give one of: " + strings.Join(known, ", ") + "."
	if near := zenml.DidYouMean(given, known); near != "" {
		fix = fmt.Sprintf("Did you mean %q?", near)
	}

	return &ArgumentError{What: fmt.Sprintf("there is no %s %q", what, given), Fix: fix}
}

// NoComponents reports an argument in which there are no components to be found.
func NoComponents(what string) error {
	return &ArgumentError{
		What: what,
		Fix: "Give whole components: a list such as [mlstacks_orchestrator.main, mlstacks_artifact_store.main], an object by the slots of mlstacks_stack, " +
			"or a whole mlstacks_stack.",
	}
}

// NoComponent reports what stands in the place of a component.
func NoComponent(place, what string) error {
	return &ArgumentError{What: place + ": " + what, Fix: "Give the whole component, such as mlstacks_artifact_store.main."}
}

// NestedComponents reports a list of components in the place of one.
func NestedComponents(place string) error {
	return &ArgumentError{
		What: place + " is a list, and stands where a component should",
		Fix:  "Put flatten([…]) around the list, or give an object by the slots of mlstacks_stack.",
	}
}

// NoPlaceInStack reports a component of a type that takes no part in a stack.
func NoPlaceInStack(place, declared string, kinds []string) error {
	fix := "A stack takes components of the types " + strings.Join(kinds, ", ") + "."
	if near := zenml.DidYouMean(declared, kinds); near != "" {
		fix = fmt.Sprintf("Did you mean %q?", near)
	}

	return &ArgumentError{What: fmt.Sprintf("%s is of type %q, which takes no part in a stack", place, declared), Fix: fix}
}

// NoSlot reports a key that is no attribute of a stack.
func NoSlot(key string, slots []string) error {
	fix := "An object by slots has the attributes of mlstacks_stack as keys."
	if near := zenml.DidYouMean(key, slots); near != "" {
		fix = fmt.Sprintf("Did you mean %q?", near)
	}

	return &ArgumentError{What: fmt.Sprintf("there is no slot %q", key), Fix: fix}
}

// NoName reports a stack that is to be written and has no name.
func NoName() error {
	return &ArgumentError{
		What: "the stack has no name",
		Fix:  `Give one behind the components, as in zenml_yaml([…], "prod"), or as name in an object by slots.`,
	}
}

// OneName reports more names than one, or one that is no name.
func OneName(what string) error {
	return &ArgumentError{What: what, Fix: "Give one name: letters, digits, underscores and hyphens, with a letter or a digit at its beginning."}
}

// CannotWork reports a stack that no rule lets pass, where one is wanted that works.
func CannotWork(problems []compose.Problem) error {
	var said []string

	for _, p := range problems {
		if p.Severity == compose.Error {
			said = append(said, fmt.Sprintf("%s (rule %s)", strings.TrimSuffix(p.Message, "."), p.ID))
		}
	}

	return &ArgumentError{
		What: "the stack cannot work: " + strings.Join(slices.Compact(said), "; "),
		Fix:  "provider::mlstacks::check_stack says why and what would answer it.",
	}
}

// NoArtifactURI reports a text that is no address of artifacts.
func NoArtifactURI(what, fix string) error { return &ArgumentError{What: what, Fix: fix} }
