package function

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/stack"
)

// part is a component of a stack whose verdict is known, as the corpus has it.
type part struct {
	Flavor        string         `json:"flavor"`
	Configuration map[string]any `json:"configuration"`
}

// corpus reads every n-th stack that has one component of each of its types.
func corpus(t *testing.T, n int) []map[string]part {
	t.Helper()

	file, err := os.Open(filepath.Join("..", "compose", "testdata", "corpus.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = file.Close() })

	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}

	var stacks []map[string]part

	lines := bufio.NewScanner(zipped)
	lines.Buffer(nil, 1<<20)

	for i := 0; lines.Scan(); i++ {
		var line struct {
			Components map[string]json.RawMessage `json:"components"`
		}

		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}

		parts := map[string]part{}

		for kind, raw := range line.Components {
			var one part
			if json.Unmarshal(raw, &one) == nil {
				parts[kind] = one
			}
		}

		if i%n == 0 && len(parts) > 1 && len(parts) == len(line.Components) {
			stacks = append(stacks, parts)
		}
	}

	return stacks
}

// without is a stack without one kind, as the judge sees it, where anything may still be added.
func without(parts map[string]part, kind string) compose.Stack {
	var s compose.Stack

	for _, k := range catalog.Kinds() {
		one, ok := parts[k.Name]
		if !ok || k.Name == kind {
			s.UnknownSlots = append(s.UnknownSlots, stack.Slots(k)...)

			continue
		}

		s.UnknownSlots = append(s.UnknownSlots, stack.Slots(k)[1:]...)
		s.Components = append(s.Components, compose.Adapt(k.Name, one.Flavor, one.Configuration, nil))
	}

	return s
}

// objections are the errors about a component in the slot of a kind, found by judging the whole stack.
func objections(checker compose.Checker, s compose.Stack, candidate compose.Candidate) []string {
	newcomer := compose.Adapt(candidate.Kind, candidate.ZenML, candidate.Config, nil)
	newcomer.Flavor, newcomer.Provides = candidate.Flavor, slices.Concat(candidate.Provides, newcomer.Provides)
	s.Components = append(slices.Clone(s.Components), newcomer)
	s.UnknownSlots = slices.DeleteFunc(slices.Clone(s.UnknownSlots), func(slot string) bool { return slot == candidate.Kind })

	var rules []string

	for _, p := range checker.Check(s) {
		concerned := slices.ContainsFunc(append(p.Others, p.Subject), func(party compose.Party) bool { return party.Slot == candidate.Kind })
		if p.Severity == compose.Error && concerned {
			rules = append(rules, p.ID)
		}
	}

	return rules
}

// A flavor is listed exactly when judging the whole stack with it finds no error about it; what stood there in a stack
// that works is always listed.
func TestCompatible_AgreesWithJudgingEachFlavorInItsPlace(t *testing.T) {
	t.Parallel()

	checker := compose.Checker{Candidates: stack.Candidates(catalog.Kinds()), ImageBuilderDefault: true, SkipConfig: true}
	asked, listed, refused := 0, 0, map[string]int{}

	for _, parts := range corpus(t, 40) {
		for _, kind := range slices.Sorted(maps.Keys(parts)) {
			partial := without(parts, kind)
			sound := !slices.ContainsFunc(checker.Check(partial), isError)
			compatible := checker.Compatible(partial, kind)
			asked++

			for _, candidate := range checker.Candidates {
				if candidate.Kind != kind {
					continue
				}

				rules := objections(checker, partial, candidate)

				switch is := slices.Contains(compatible, candidate.Flavor); {
				case is && len(rules) > 0:
					t.Errorf("%s is listed for %s in %v, and %v object", candidate.Flavor, kind, parts, rules)
				case !is && len(rules) == 0 && sound: // in a broken stack one objection hides another
					t.Errorf("%s is not listed for %s in %v, and nothing objects", candidate.Flavor, kind, parts)
				case is:
					listed++
				default:
					refused[candidate.Kind]++
				}
			}

			works(t, checker, parts, kind, compatible)
		}
	}

	t.Logf("asked %d times: %d flavors were listed, and refused: %v", asked, listed, refused)

	if asked < 300 || listed == 0 || len(refused) < 3 {
		t.Error("the stacks say nothing")
	}
}

func isError(p compose.Problem) bool { return p.Severity == compose.Error }

// works holds the answer to a stack without fault: what stood in it is compatible with the rest of it.
func works(t *testing.T, checker compose.Checker, parts map[string]part, kind string, compatible []string) {
	t.Helper()

	whole := without(parts, "")
	if slices.ContainsFunc(checker.Check(whole), isError) {
		return
	}

	for _, c := range whole.Components {
		builtin := slices.ContainsFunc(checker.Candidates, func(other compose.Candidate) bool { return other.Kind == kind && other.Flavor == c.Flavor })
		if c.Kind == kind && builtin && !slices.Contains(compatible, c.Flavor) {
			t.Errorf("%s works as %s in %v and is not listed: %v", c.Flavor, kind, parts, compatible)
		}
	}
}

func TestCompatible_LeavesOutWhatStandsInTheSlot(t *testing.T) {
	t.Parallel()

	loose, err := stack.ReadLoose(catalog.Kinds(), candidatesOf(catalog.Kinds()), []any{
		component("orchestrator", "skypilot_azure", "vm_azure", nil), component("artifact_store", "local", "local", nil),
	})
	if err != nil {
		t.Fatal(err)
	}

	if got := loose.Compatible("artifact_store"); slices.Contains(got, "local") || !slices.Contains(got, "azure_blob") {
		t.Errorf("a store on this machine does not fit, others do; got %v", got)
	}

	if got := loose.Compatible("orchestrator"); !slices.Contains(got, "local") || slices.Contains(got, "skypilot_azure") {
		t.Errorf("local fits beside a local store, the one that is there does not; got %v", got)
	}
}

func candidatesOf(kinds []flavor.Kind) func() []compose.Candidate {
	return func() []compose.Candidate { return stack.Candidates(kinds) }
}
