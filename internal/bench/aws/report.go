package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// report is everything that was measured.
type report struct {
	options

	// peer is the binary of hashicorp/aws, empty where there is none.
	peer    string
	starts  [2]start
	sizes   map[int]measured
	loads   []float64
	machine string
}

// print writes the report as Markdown.
func (r *report) print(out io.Writer) {
	if r.peer == "" {
		fmt.Fprint(out, "There is no hashicorp/aws on this machine: these are the figures of mlstacks alone.\n\n")
	} else {
		fmt.Fprint(out, "Each cell: mlstacks / hashicorp/aws (ratio).\n\n")
	}

	fmt.Fprint(out, "| stacks | command | time | CPU of provider | CPU of CLI | calls | peak memory of provider | provider starts | rounds |\n"+
		"|--:|---|--:|--:|--:|--:|--:|--:|--:|\n")

	for _, stacks := range r.options.sizes {
		for _, c := range commands() {
			r.printRow(out, stacks, c.name)
		}
	}

	r.printStarts(out)
	r.printAims(out)
	r.printCalls(out)

	fmt.Fprintf(out, "\nMedians. `destroy` looks at everything before it deletes, `destroy -refresh=false` only deletes; the latter is of the first round alone. "+
		"Load average of the machine, which the server shares: %.1f before, %.1f at most between rounds. On: %s", r.loads[0], slices.Max(r.loads), r.machine)

	if r.peer != "" {
		fmt.Fprintf(out, "; hashicorp/aws %s", peerVersion(r.peer))
	}

	fmt.Fprint(out, ".\n")
}

// columns are the figures of a row.
var columns = []struct {
	of   func(figures) float64
	form func(float64) string
}{
	{func(f figures) float64 { return f.took.Seconds() }, secondsOf},
	{func(f figures) float64 { return f.provider.Seconds() }, secondsOf},
	{func(f figures) float64 { return f.cli.Seconds() }, secondsOf},
	{func(f figures) float64 { return float64(len(f.calls)) }, count},
	{func(f figures) float64 { return float64(f.memory) }, megabytes},
	{func(f figures) float64 { return float64(f.starts) }, count},
}

func (r *report) printRow(out io.Writer, stacks int, name string) {
	runs := r.sizes[stacks][name]
	if runs == nil {
		return
	}

	fmt.Fprintf(out, "| %d | `%s` |", stacks, name)

	for _, column := range columns {
		both := [2]float64{middle(runs[peer], column.of), middle(runs[ours], column.of)}
		fmt.Fprintf(out, " %s |", cell(both, len(runs[peer]) > 0, column.form))
	}

	fmt.Fprintf(out, " %d", len(runs[ours]))

	if len(runs[peer]) > 0 {
		fmt.Fprintf(out, " / %d", len(runs[peer]))
	}

	fmt.Fprint(out, " |\n")
}

// cell shows a figure of ours, and where there is one, that of the peer and the ratio.
func cell(of [2]float64, both bool, form func(float64) string) string {
	switch {
	case !both:
		return form(of[ours])
	case of[peer] == 0:
		return form(of[ours]) + " / " + form(0)
	default:
		return fmt.Sprintf("%s / %s (%.2f ×)", form(of[ours]), form(of[peer]), of[ours]/of[peer])
	}
}

// printStarts tells what does not depend on the number of stacks.
func (r *report) printStarts(out io.Writer) {
	fmt.Fprintf(out, "\n| | %s |\n|---|--:|\n", []string{"mlstacks", "mlstacks / hashicorp/aws (ratio)"}[min(len(r.peer), 1)])

	for _, row := range []struct {
		what string
		of   func(side) float64
		form func(float64) string
	}{
		{"from start to handshake", func(s side) float64 { return r.starts[s].took.Seconds() * 1000 }, milliseconds},
		{"CPU of that", func(s side) float64 { return r.starts[s].busy.Seconds() * 1000 }, milliseconds},
		{"memory then", func(s side) float64 { return float64(r.starts[s].memory) }, megabytes},
		{"size of the binary", func(s side) float64 { return float64(r.starts[s].size) }, megabytes},
		{"resources of one stack", func(s side) float64 { return float64(s.resources()) }, count},
		{"lines of one stack", func(s side) float64 { return float64(s.lines()) }, count},
	} {
		fmt.Fprintf(out, "| %s | %s |\n", row.what, cell([2]float64{row.of(peer), row.of(ours)}, r.peer != "", row.form))
	}
}

// printCalls tells which calls our side makes with the fewest stacks.
func (r *report) printCalls(out io.Writer) {
	stacks := r.options.sizes[0]

	fmt.Fprintf(out, "\nCalls of mlstacks with %d:\n\n", stacks)

	for _, c := range commands() {
		runs := r.sizes[stacks][c.name]
		if runs == nil || len(runs[ours]) == 0 {
			continue
		}

		names := tally(runs[ours][0].calls)
		if len(names) == 0 {
			names = []string{"none"}
		}

		fmt.Fprintf(out, "- `%s`: %s\n", c.name, strings.Join(names, ", "))
	}
}

// tally lists names in their order, those that occur several times with how often.
func tally(names []string) []string {
	times := map[string]int{}

	var first []string

	for _, name := range names {
		if times[name]++; times[name] == 1 {
			first = append(first, name)
		}
	}

	for i, name := range first {
		if times[name] > 1 {
			first[i] = fmt.Sprintf("%s (%d)", name, times[name])
		}
	}

	return first
}

// middle is the median of a figure.
func middle(runs []figures, of func(figures) float64) float64 {
	values := make([]float64, 0, len(runs))
	for _, f := range runs {
		values = append(values, of(f))
	}

	return rig.Median(values)
}

func secondsOf(s float64) string { return fmt.Sprintf("%.2f s", s) }

func milliseconds(ms float64) string { return fmt.Sprintf("%.0f ms", ms) }

func count(n float64) string { return fmt.Sprintf("%.0f", n) }

func megabytes(bytes float64) string {
	if bytes == 0 {
		return "not known"
	}

	return fmt.Sprintf("%.0f MB", bytes/1e6)
}
