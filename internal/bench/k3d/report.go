package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// The aims.
const (
	aimOverhead = time.Second
	aimServices = 1
	aimPlan     = 2 * time.Second
)

// side is one of the two things compared.
type side int

const (
	// other is the k3d library or helm.
	other side = iota
	ours
)

// comparison holds what both sides took, round by round.
type comparison [2][]time.Duration

func (c *comparison) add(s side, took time.Duration) { c[s] = append(c[s], took) }

func (c *comparison) median(s side) time.Duration { return rig.Median(c[s]) }

// overhead is how much longer our side takes.
func (c *comparison) overhead() time.Duration { return c.median(ours) - c.median(other) }

// ratio is how many times longer our side takes.
func (c *comparison) ratio() float64 { return c.median(ours).Seconds() / c.median(other).Seconds() }

// report is everything that was measured.
type report struct {
	rounds, plans int
	clusters      clusterTimes
	services      comparison
	// plan is what plans took, planBusy how much of the processor's time.
	plan, planBusy []time.Duration
	// preloaded are images that were in the engine, loaded those that were put into the nodes.
	preloaded, loaded []string
	machine, load     string
}

// print writes the report as Markdown.
func (r *report) print(out io.Writer) {
	fmt.Fprint(out, "| | without the provider | mlstacks | ratio | difference | aim | |\n|---|--:|--:|--:|--:|--:|---|\n")

	for _, row := range []struct {
		what, without string
		times         *comparison
	}{
		{"cluster made, API answers (`wait = false`)", "k3d library", &r.clusters.answering},
		{"cluster made, node ready for pods (the default)", "k3d library, then a wait", &r.clusters.ready},
		{"cluster removed", "k3d library", &r.clusters.removed},
	} {
		over := row.times.overhead()
		printRow(out, row.what, row.without, row.times, fmt.Sprintf("≤ +%.0f s", aimOverhead.Seconds()), over <= aimOverhead)
	}

	printRow(out, "four services installed", "helm, one after the other", &r.services, fmt.Sprintf("< %d.00 ×", aimServices), r.services.ratio() < aimServices)

	plan := rig.Median(r.plan)
	fmt.Fprintf(out, "| plan of that stack without changes | | %s (%s) | | | ≤ %.0f s | %s |\n",
		rig.Seconds(plan), spread(r.plan), aimPlan.Seconds(), rig.Verdict(plan <= aimPlan))

	fmt.Fprintf(out, "\nMedians (least to most). Rounds: %d, each with both sides; plans in each: %d.\n", r.rounds, r.plans)
	fmt.Fprintf(out, "Of the processor's time a plan takes %s, of the CLI and the provider together.\n", rig.Seconds(rig.Median(r.planBusy)))
	fmt.Fprintf(out, "In the engine beforehand: %s. In the node beforehand: %s; one installation before the rounds does not count.\n",
		strings.Join(r.preloaded, ", "), r.inNode())
	fmt.Fprintf(out, "Load average: %s. On: %s.\n", r.load, r.machine)
}

func (r *report) inNode() string {
	if len(r.loaded) == 0 {
		return "what it pulled itself for the services"
	}

	return strings.Join(r.loaded, ", ")
}

func printRow(out io.Writer, what, without string, c *comparison, aim string, met bool) {
	fmt.Fprintf(out, "| %s | %s: %s (%s) | %s (%s) | %.2f × | %+.2f s | %s | %s |\n", what, without, rig.Seconds(c.median(other)), spread(c[other]),
		rig.Seconds(c.median(ours)), spread(c[ours]), c.ratio(), c.overhead().Seconds(), aim, rig.Verdict(met))
}

// spread is the least and the most.
func spread(durations []time.Duration) string {
	if len(durations) == 0 {
		return "not measured"
	}

	return fmt.Sprintf("%.2f to %.2f", slices.Min(durations).Seconds(), slices.Max(durations).Seconds())
}
