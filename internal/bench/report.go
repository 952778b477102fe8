package main

import (
	"fmt"
	"io"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// The aims. They are held against the largest number of stacks.
const (
	aimPlan   = 1.5
	aimMemory = 100_000_000
	aimStart  = 50 * time.Millisecond
	// Beyond the first, a stack among the most may take this much longer than one among fewer and growth still counts
	// as linear: the baseline, where each resource is as simple as can be, is not steadier than that.
	aimGrowth = 1.25
)

// pair holds a figure of each side.
type pair [2]time.Duration

// ratio is how many times longer our side takes.
func (p pair) ratio() float64 { return float64(p[ours]) / float64(p[baseline]) }

// report is everything that was measured.
type report struct {
	sizes []int
	runs  int
	// commands are medians by number of stacks and name of the command.
	commands map[int]map[string]pair
	start    time.Duration
	memory   int64
	size     int64
	machine  string
}

func (r report) largest() int { return r.sizes[len(r.sizes)-1] }

// print writes the report as Markdown.
func (r report) print(out io.Writer) {
	fmt.Fprintf(out, "| stacks | resources | command | terraform_data | mlstacks | ratio |\n|--:|--:|---|--:|--:|--:|\n")

	for _, stacks := range r.sizes {
		for _, c := range commands() {
			p := r.commands[stacks][c.name]
			fmt.Fprintf(out, "| %d | %d | `%s` | %s | %s | %.2f |\n", stacks, stacks*(len(components())+1), c.name,
				rig.Seconds(p[baseline]), rig.Seconds(p[ours]), p.ratio())
		}
	}

	fmt.Fprintf(out, "\n| | measured | aim | |\n|---|--:|--:|---|\n")

	largest := r.largest()
	plan := r.commands[largest][planCommand().name]
	fmt.Fprintf(out, "| plan of %d stacks against terraform_data | %.2f × | ≤ %.1f × | %s |\n",
		largest, plan.ratio(), aimPlan, rig.Verdict(plan.ratio() <= aimPlan))
	r.printMemory(out)
	r.printGrowth(out)
	fmt.Fprintf(out, "| start of the provider | %.0f ms | ≤ %d ms | %s |\n",
		float64(r.start)/float64(time.Millisecond), aimStart.Milliseconds(), rig.Verdict(r.start <= aimStart))
	fmt.Fprintf(out, "| size of the provider's binary | %.1f MB | | |\n", megabytes(r.size))

	fmt.Fprintf(out, "\nMedians of %s (start: %d) on: %s.\n", inWords(r.runs), startRuns, r.machine)
}

func (r report) printMemory(out io.Writer) {
	measured, met := "not known on this system", ""
	if r.memory > 0 {
		measured, met = fmt.Sprintf("%.0f MB", megabytes(r.memory)), rig.Verdict(r.memory <= aimMemory)
	}

	fmt.Fprintf(out, "| peak memory of the provider in that plan | %s | ≤ %.0f MB | %s |\n", measured, megabytes(aimMemory), met)
}

// printGrowth compares what a stack beyond the first takes in the largest plan and in the one before it.
func (r report) printGrowth(out io.Writer) {
	if len(r.sizes) < 3 {
		return
	}

	first, fewer, most := r.sizes[0], r.sizes[len(r.sizes)-2], r.largest()

	var growth [2]float64
	for _, s := range []side{baseline, ours} {
		growth[s] = r.perStack(s, first, most) / r.perStack(s, first, fewer)
		if growth[s] <= 0 {
			return // so few stacks that chance decides
		}
	}

	fmt.Fprintf(out, "| plan time per further stack, %d against %d stacks | %.2f × (terraform_data: %.2f ×) | ≤ %.2f × | %s |\n",
		most, fewer, growth[ours], growth[baseline], aimGrowth, rig.Verdict(growth[ours] <= aimGrowth))
}

// perStack is what each stack adds to a plan between two numbers of stacks.
func (r report) perStack(s side, from, to int) float64 {
	name := planCommand().name

	return float64(r.commands[to][name][s]-r.commands[from][name][s]) / float64(to-from)
}

func megabytes(bytes int64) float64 { return float64(bytes) / 1e6 }

func inWords(runs int) string {
	if runs == 1 {
		return "one run"
	}

	return fmt.Sprintf("%d runs", runs)
}
