package corpus

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/zenml"
)

// What is unknown never makes a stack fail: of every recorded stack that is accepted, each component, each slot, each
// value of a configuration, each connector and each set of abilities is hidden in turn.
func TestCheck_RefusesNoAcceptedStackForAnUnknown(t *testing.T) {
	t.Parallel()

	for file, builder := range map[string]bool{"../testdata/corpus.jsonl.gz": true, "../testdata/corpus-no-ib-default.jsonl.gz": false} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()

			checker := compose.Checker{ImageBuilderDefault: builder}
			stacks, positions := 0, 0

			for _, l := range linesOf(t, file) {
				s, err := l.stack()
				if err != nil {
					t.Fatal(err)
				}

				if len(refusals(checker, s)) > 0 {
					continue
				}

				stacks++

				for what, hidden := range hidings(s) {
					positions++

					if refused := refusals(checker, hidden); len(refused) > 0 {
						t.Errorf("%s with %s unknown: %v", l.ID, what, refused)
					}
				}
			}

			t.Logf("hid %d positions of %d stacks", positions, stacks)

			if positions == 0 {
				t.Error("nothing was hidden")
			}
		})
	}
}

func linesOf(t *testing.T, name string) []line {
	t.Helper()

	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read from

	lines, err := read(file)
	if err != nil {
		t.Fatal(err)
	}

	return lines
}

func refusals(checker compose.Checker, s compose.Stack) []string {
	var refused []string

	for _, p := range checker.Check(s) {
		if p.Severity == compose.Error {
			refused = append(refused, p.ID)
		}
	}

	return refused
}

// hidings are copies of a stack with one thing unknown each.
func hidings(s compose.Stack) map[string]compose.Stack {
	all := map[string]compose.Stack{}
	put := func(i int, c compose.Component) compose.Stack {
		again := s
		again.Components = slices.Clone(s.Components)
		again.Components[i] = c

		return again
	}

	for i, c := range s.Components {
		all[c.Slot] = put(i, compose.Component{Slot: c.Slot, Kind: c.Kind, Unknown: true})

		absent := s
		absent.Components = slices.Delete(slices.Clone(s.Components), i, i+1)
		absent.UnknownSlots = []string{c.Slot}
		all["the slot "+c.Slot] = absent

		linked := c
		linked.Connector, linked.ConnectorUnknown = nil, true
		all[c.Slot+"'s connector"] = put(i, linked)

		able := c
		able.Provides, able.ProvidesUnknown = nil, true
		all[c.Slot+"'s abilities"] = put(i, able)

		for field := range c.Given {
			given := maps.Clone(c.Given)
			given[field] = zenml.Unknown{}
			open := compose.Adapt(c.Kind, c.ZenML, given, c.Connector)
			open.Slot, open.Name = c.Slot, c.Name
			all[c.Slot+"."+field] = put(i, open)
		}
	}

	return all
}
