package spec

import (
	"fmt"
	"slices"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// The ids of the rules about the files. Those with numbers are the mlstacks tool's own.
const (
	RuleName       = "V1" // names have letters, digits, "_" and "-"
	RuleType       = "V2" // the provider offers the component type
	RuleFlavor     = "V3" // the provider offers the flavor
	RuleProvider   = "V4" // every component is at the stack's provider
	RuleMissing    = "V5" // the files are there
	RuleVersion    = "V6" // spec_version and spec_type are right
	RuleTexts      = "V7" // maps hold texts
	RuleDeployment = "V8" // deployment_method is kubernetes
	RuleState      = "V9" // a remote state is in s3:// or gs://

	RuleFile      = "spec-file"          // a file is one: not a directory, not huge, text
	RuleSyntax    = "spec-syntax"        // a file is YAML
	RuleShape     = "spec-shape"         // a value is of the right kind
	RuleDuplicate = "spec-duplicate-key" // a key stands once
	RuleUnknown   = "spec-unknown-key"   // a key is known
	RuleRequired  = "spec-required-key"  // what is needed is there
	RuleTwins     = "spec-twins"         // a component stands once
	RuleProject   = "gcp-needs-project"  // the tool failed half-way without one
	RuleValue     = "spec-value"         // the cloud takes the value
	RuleIgnored   = "spec-ignored"       // the tool did nothing with it
	RuleCarry     = "spec-not-carried"   // it cannot be carried over as it is
	RuleAdded     = "spec-completed"     // the configuration has more than the files
)

// Mark is a place in a file. Lines and columns count from 1, columns in characters.
type Mark struct {
	File string
	// Argument is 0 for the stack and 1 and more for the components, in their order.
	Argument     int
	Line, Column int
}

// String writes the place as compilers do: "stack.yaml:3:7". A file as a whole has no line.
func (m Mark) String() string {
	if m.Line == 0 {
		return m.File
	}

	return fmt.Sprintf("%s:%d:%d", m.File, m.Line, m.Column)
}

// Problem is a mistake in the files, or something to know of them.
type Problem struct {
	Mark

	// Rule is one of the Rule constants, or the id of a rule of composition.
	Rule     string
	Severity compose.Severity
	// Summary is a headline, Message the fact with its value, Because the reason and Fix what to do; the last two may be empty.
	Summary, Message, Because, Fix string
}

// reader collects the problems of a stack's files.
type reader struct {
	problems []Problem
	// merged is how many maps were merged into others so far.
	merged int
}

func (r *reader) refuse(rule string, at Mark, summary, fix, format string, args ...any) {
	r.problems = append(r.problems, Problem{Mark: at, Rule: rule, Summary: summary, Message: fmt.Sprintf(format, args...), Fix: fix})
}

func (r *reader) warn(rule string, at Mark, summary, fix, format string, args ...any) {
	r.problems = append(r.problems, Problem{
		Mark: at, Rule: rule, Severity: compose.Warning, Summary: summary, Message: fmt.Sprintf(format, args...), Fix: fix,
	})
}

func (r *reader) failed() bool {
	return slices.ContainsFunc(r.problems, func(p Problem) bool { return p.Severity == compose.Error })
}

// sorted are the problems by file and line.
func (r *reader) sorted() []Problem {
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		for _, order := range []int{a.Argument - b.Argument, a.Line - b.Line, a.Column - b.Column} {
			if order != 0 {
				return order
			}
		}

		return 0
	})

	return r.problems
}

// oneOf words the way out of a wrong word: the near miss where there is one, and all there are.
func oneOf(word string, known []string) string {
	all := "Use one of: " + list(known) + "."
	if len(known) == 1 {
		all = "Use " + known[0] + "."
	}

	if near := zenml.DidYouMean(word, known); near != "" && len(known) == 1 {
		return fmt.Sprintf("Did you mean %q?", near)
	} else if near != "" {
		return fmt.Sprintf("Did you mean %q? %s", near, all)
	}

	return all
}
