package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml" //nolint:depguard // a measurement is no part of the provider
	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// side is one that is measured.
type side int

const (
	asIs side = iota
	oneLogin
	ours
)

// String is what the side is called in the report.
func (s side) String() string {
	return []string{"zenml-io/zenml's calls", "the same with one login", "mlstacks in the CLI"}[s]
}

// The commands of the report, in the order in which a round runs them.
const (
	applyCommand   = "apply"
	planCommand    = "no-op plan"
	destroyCommand = "destroy"
)

func commands() []string { return []string{applyCommand, planCommand, destroyCommand} }

// figure is what a command took for all stacks.
type figure struct {
	took  time.Duration
	calls []string
}

// measured is what was measured with a number of stacks: by name of the command, for each side a figure of each run.
type measured map[string]*[3][]figure

// measure takes every figure of the report.
func measure(ctx context.Context, o options, directory string) (report, error) {
	r := report{options: o, sizes: map[int]measured{}}

	w, err := prepare(ctx, o, directory)
	if err != nil {
		return r, err
	}

	server, err := zenml.StartServer()
	if err != nil {
		return r, fmt.Errorf("start a ZenML server: %w", err)
	}

	proxy, stop := server.Counted()
	defer stop()

	w.proxy, w.key = proxy, server.APIKey

	// Servers and disks are slower when they do something for the first time. This round does not count.
	if err := w.round(ctx, measured{}, 1, "warm", []side{oneLogin, ours}); err != nil {
		return r, err
	}

	before := cmp.Or(rig.Load(), "unknown")

	for _, stacks := range o.sizes {
		r.sizes[stacks] = measured{}

		for round := range o.rounds {
			if err := w.round(ctx, r.sizes[stacks], stacks, fmt.Sprintf("%d-%d", stacks, round+1), o.turns(stacks, round)); err != nil {
				return r, err
			}
		}

		if err := r.sizes[stacks].agree(); err != nil {
			return r, fmt.Errorf("stacks: %d: %w", stacks, err)
		}
	}

	version, err := w.version(ctx)
	r.machine = fmt.Sprintf("%s, %d cores (%s/%s); Go %s; %s; load %s before, %s after", cmp.Or(rig.Processor(), rig.UnknownProcessor),
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, strings.TrimPrefix(runtime.Version(), "go"), version, before, cmp.Or(rig.Load(), "unknown"))

	return r, err
}

// turns are the sides that take part in a round, in their order.
func (o options) turns(stacks, round int) []side {
	sides := []side{asIs, oneLogin, ours}
	if stacks > o.asIs {
		sides = sides[1:]
	}

	if round%2 == 1 {
		slices.Reverse(sides)
	}

	return sides
}

// round runs all commands on one side after the other and adds what they took.
func (w *workspace) round(ctx context.Context, m measured, stacks int, name string, sides []side) error {
	for _, s := range sides {
		life, err := w.life(ctx, s, stacks, name)
		if err != nil {
			return err
		}

		for i, command := range commands() {
			f, err := w.count(life[i])
			if err != nil {
				return fmt.Errorf("%s, stacks: %d: %s: %w", s, stacks, command, err)
			}

			log.Printf("stacks: %d: %s: %s: %s, %d calls", stacks, s, command, rig.Seconds(f.took), len(f.calls))

			if m[command] == nil {
				m[command] = &[3][]figure{}
			}

			m[command][s] = append(m[command][s], f)
		}
	}

	return nil
}

// count does something and says how long it took, and what the server was asked.
func (w *workspace) count(do func() error) (figure, error) {
	w.proxy.Calls()

	started := time.Now()
	err := do()

	return figure{took: time.Since(started), calls: w.proxy.Calls()}, err
}

// agree makes sure that the calls with one login are those that are made as they are.
func (m measured) agree() error {
	for _, command := range commands() {
		for i, f := range m[command][asIs] {
			if kept := m[command][oneLogin][i]; withLogins(kept.calls) != len(f.calls) {
				return fmt.Errorf("%s: %d calls were counted as they are, and %d with one login; the pattern in peer.go depends on its login",
					command, len(f.calls), len(kept.calls))
			}
		}
	}

	return nil
}
