package main

import (
	"fmt"
	"strings"
)

// component is one part of a stack; arguments are written with the number of the stack for %[1]d.
type component struct{ kind, arguments string }

// components are the parts of examples/stacks/local.
func components() []component {
	return []component{
		{"orchestrator", `local = {}`},
		{"artifact_store", `local = { path = "./stack-%[1]d/artifacts", force_destroy = true }`},
		{"experiment_tracker", `mlflow_local = { path = "./stack-%[1]d/mlflow", force_destroy = true }`},
		{"model_registry", `mlflow = {}`},
		{"image_builder", `local = {}`},
		{"metadata_store", `sqlite = { path = "./stack-%[1]d/metadata.db", force_destroy = true }`},
	}
}

// side is one of the two things compared.
type side int

const (
	baseline side = iota
	ours
)

// String is the name of a side for messages and directories.
func (s side) String() string {
	if s == ours {
		return "mlstacks"
	}

	return "terraform_data"
}

// configuration is a module with a number of stacks.
func (s side) configuration(stacks int) string {
	var b strings.Builder

	if s == ours {
		b.WriteString("terraform {\n  required_providers {\n    mlstacks = { source = \"mlstacks/mlstacks\" }\n  }\n}\n\n")
	}

	for stack := 1; stack <= stacks; stack++ {
		var slots strings.Builder

		fmt.Fprintf(&slots, "name = \"stack-%d\"\n", stack)

		for _, c := range components() {
			address := s.block(&b, c.kind, stack, fmt.Sprintf("name = \"%s-%d\"\n", c.kind, stack)+numbered(c.arguments, stack))
			fmt.Fprintf(&slots, "%s = %s\n", c.kind, address)
		}

		s.block(&b, "stack", stack, slots.String())
	}

	return b.String()
}

// block writes a resource and returns its address.
func (s side) block(b *strings.Builder, kind string, stack int, arguments string) string {
	name, of := fmt.Sprintf("s%d", stack), "mlstacks_"+kind
	if s == baseline {
		name, of = fmt.Sprintf("%s_%d", kind, stack), "terraform_data"
		arguments = "input = {\n" + arguments + "\n}"
	}

	fmt.Fprintf(b, "resource %q %q {\n%s\n}\n\n", of, name, arguments)

	return of + "." + name
}

func numbered(arguments string, stack int) string {
	if !strings.Contains(arguments, "%") {
		return arguments
	}

	return fmt.Sprintf(arguments, stack)
}
