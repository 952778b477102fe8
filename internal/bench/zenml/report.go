package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// notMeasured stands for a time that was not taken.
const notMeasured = "not measured (calls are the same per stack)"

const login = "POST /api/v1/login"

// report is everything that was measured.
type report struct {
	options options
	sizes   map[int]measured
	machine string
}

// print writes the report as Markdown.
func (r report) print(out io.Writer) {
	fmt.Fprintf(out, "| stacks | command | %s | %s | %s | time, ours to theirs | to one login | calls, theirs | one login | ours | ours to theirs |\n"+
		"|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n", asIs, oneLogin, ours)

	for _, stacks := range r.options.sizes {
		for _, command := range commands() {
			r.printRow(out, stacks, command)
		}
	}

	fmt.Fprintf(out, "\nEverything per stack. Theirs are bare calls, %d at a time; ours are whole commands of the CLI. A destroy looks at everything "+
		"before it removes it. ZenML as it comes does not tell how long its tokens last, and then zenml-io/zenml logs in before each call; "+
		"where a server tells, as ZenML Pro's do, it keeps one login.\n", parallel)

	if slices.Max(r.options.sizes) > r.options.asIs {
		fmt.Fprintf(out, "\nWith more than %d stacks theirs was made with one login only: no call depends on how many stacks there are, and all the "+
			"logins take long. Their calls with a login before each are those that were counted with one login, and as many logins.\n", r.options.asIs)
	}

	r.printCalls(out)
	fmt.Fprintf(out, "\nRounds: %d. On: %s.\n", r.options.rounds, r.machine)
}

func (r report) printRow(out io.Writer, stacks int, command string) {
	runs := r.sizes[stacks][command]
	kept, our := each(runs[oneLogin], stacks), each(runs[ours], stacks)

	theirs, ratio := notMeasured, "–"
	if len(runs[asIs]) > 0 {
		took := each(runs[asIs], stacks)
		theirs, ratio = milliseconds(took), against(our, took)
	}

	fmt.Fprintf(out, "| %d | `%s` | %s | %s | %s | %s | %s |", stacks, command, theirs, milliseconds(kept), milliseconds(our), ratio, against(our, kept))

	before, one, calls := withLogins(runs[oneLogin][0].calls), len(runs[oneLogin][0].calls), len(runs[ours][0].calls)
	for _, n := range []int{before, one, calls} {
		fmt.Fprintf(out, " %.2f |", float64(n)/float64(stacks))
	}

	fmt.Fprintf(out, " %.2f |\n", float64(calls)/float64(before))
}

// each is what a command takes for a stack.
func each(runs []figure, stacks int) time.Duration {
	all := make([]time.Duration, 0, len(runs))
	for _, f := range runs {
		all = append(all, f.took)
	}

	return rig.Median(all) / time.Duration(stacks)
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }

func against(our, their time.Duration) string {
	return fmt.Sprintf("%.2f", our.Seconds()/their.Seconds())
}

// withLogins is how many calls there are with a login before each that is none itself.
func withLogins(calls []string) int {
	n := 0

	for _, call := range calls {
		if call != login {
			n += 2
		}
	}

	return n
}

// printCalls tells which calls are made in all with the most stacks.
func (r report) printCalls(out io.Writer) {
	stacks := slices.Max(r.options.sizes)

	fmt.Fprintf(out, "\nAll calls with %d:\n\n", stacks)

	for _, command := range commands() {
		for _, s := range []side{oneLogin, ours} {
			fmt.Fprintf(out, "- `%s`, %s: %s\n", command, s, strings.Join(tally(r.sizes[stacks][command][s][0].calls), ", "))
		}
	}
}

var id = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// tally lists the kinds of calls in their order, with how often each occurs.
func tally(calls []string) []string {
	times := map[string]int{}

	var kinds []string

	for _, call := range calls {
		kind := strings.Replace(id.ReplaceAllString(call, "{id}"), "/api/v1", "", 1)
		if times[kind]++; times[kind] == 1 {
			kinds = append(kinds, kind)
		}
	}

	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", times[kind], kind)
	}

	return kinds
}
