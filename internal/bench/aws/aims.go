package main

import (
	"fmt"
	"io"
	"time"
)

// The aims: those of the provider, of one stack and of many.
const (
	aimStart  = 30 * time.Millisecond
	aimMemory = 120_000_000
	aimLines  = 20

	aimPlanBusy     = 600 * time.Millisecond
	aimApply        = 2 * time.Second
	aimApplyCalls   = 12
	aimNoop         = time.Second
	aimNoopCalls    = 12
	aimDestroy      = 2 * time.Second
	aimDestroyCalls = 9

	many          = 200
	aimManyApply  = 30 * time.Second
	aimManyNoop   = 20 * time.Second
	noFurtherThan = "≤ %s"
	lessThan      = "< %s"
)

// aim is something that was aimed at, and what became of it.
type aim struct {
	what           string
	measured, most float64
	form           func(float64) string
	// strict is true where the most itself is too much.
	strict bool
}

func (a aim) met() bool { return a.measured < a.most || !a.strict && a.measured == a.most }

// printAims holds what was measured against the aims.
func (r *report) printAims(out io.Writer) {
	fmt.Fprint(out, "\n| aim | measured | wanted | met |\n|---|--:|--:|---|\n")

	for _, a := range r.aims() {
		wanted, verdict := noFurtherThan, "no"
		if a.strict {
			wanted = lessThan
		}

		if a.met() {
			verdict = "yes"
		}

		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", a.what, a.form(a.measured), fmt.Sprintf(wanted, a.form(a.most)), verdict)
	}
}

// aims are those that something was measured for.
func (r *report) aims() []aim {
	aims := []aim{
		{"from start to handshake", r.starts[ours].took.Seconds() * 1000, aimStart.Seconds() * 1000, milliseconds, true},
		{"lines of one stack", float64(ours.lines()), aimLines, count, false},
	}

	took := func(f figures) float64 { return f.took.Seconds() }
	calls := func(f figures) float64 { return float64(len(f.calls)) }

	if one := r.sizes[1]; one != nil {
		aims = append(aims,
			aim{"1 stack: memory of the provider, at most", one.memory(), aimMemory, megabytes, false},
			aim{
				"1 stack: CPU of a plan, provider and CLI", one.of(planCommand, func(f figures) float64 { return (f.cli + f.provider).Seconds() }),
				aimPlanBusy.Seconds(), secondsOf, true,
			},
			aim{"1 stack: apply", one.of(applyCommand, took), aimApply.Seconds(), secondsOf, true},
			aim{"1 stack: calls of apply", one.of(applyCommand, calls), aimApplyCalls, count, false},
			aim{"1 stack: no-op plan", one.of(noopCommand, took), aimNoop.Seconds(), secondsOf, true},
			aim{"1 stack: calls of a no-op plan", one.of(noopCommand, calls), aimNoopCalls, count, false},
			aim{"1 stack: destroy", one.of(destroyCommand, took), aimDestroy.Seconds(), secondsOf, true},
			aim{"1 stack: calls of destroy beyond those of its look", one.of(deleteCommand, calls), aimDestroyCalls, count, false},
		)
	}

	if most := r.sizes[many]; most != nil {
		aims = append(aims,
			aim{fmt.Sprintf("%d stacks: apply", many), most.of(applyCommand, took), aimManyApply.Seconds(), secondsOf, true},
			aim{fmt.Sprintf("%d stacks: no-op plan", many), most.of(noopCommand, took), aimManyNoop.Seconds(), secondsOf, true},
		)
	}

	return aims
}

// of is the median of a figure of ours.
func (m measured) of(c command, figure func(figures) float64) float64 {
	if m[c.name] == nil {
		return 0
	}

	return middle(m[c.name][ours], figure)
}

// memory is the most that a provider process of ours took in any command, in bytes.
func (m measured) memory() float64 {
	var most int64

	for _, c := range commands() {
		if m[c.name] == nil {
			continue
		}

		for _, f := range m[c.name][ours] {
			most = max(most, f.memory)
		}
	}

	return float64(most)
}
