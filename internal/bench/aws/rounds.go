package main

import (
	"context"
	"fmt"
	"log"
	"slices"

	double "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws" //nolint:depguard // a measurement is no part of the provider
	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// command is one command of the CLI.
type command struct {
	name      string
	arguments []string
}

const planFile = "first.plan"

var (
	planCommand  = command{"plan", []string{"plan", "-input=false", "-out=" + planFile}}
	applyCommand = command{"apply", []string{"apply", "-input=false", planFile}}
	// With this flag a plan that finds something to do counts as failed.
	noopCommand    = command{"no-op plan", []string{"plan", "-input=false", "-detailed-exitcode"}}
	destroyCommand = command{"destroy", []string{"apply", "-destroy", "-input=false", "-auto-approve"}}
	// deleteCommand deletes what the state has, without a look at what there is.
	deleteCommand = command{"destroy -refresh=false", []string{"apply", "-destroy", "-refresh=false", "-input=false", "-auto-approve"}}
)

// commands are those of the report.
func commands() []command {
	return []command{planCommand, applyCommand, noopCommand, destroyCommand, deleteCommand}
}

// sequence is what a round runs, each command on what the one before left behind.
func sequence(round int) []command {
	life := []command{planCommand, applyCommand, noopCommand, destroyCommand}
	if round == 0 {
		life = append(life, planCommand, applyCommand, deleteCommand)
	}

	return life
}

// measured is what was measured with a number of stacks: by name of the command, for each side a figure of each run.
type measured map[string]*[2][]figures

// measure takes every figure of the report.
func measure(ctx context.Context, o options, directory string) (report, error) {
	r := report{options: o, sizes: map[int]measured{}}

	server, err := double.New()
	if err != nil {
		return r, fmt.Errorf("start the double of AWS: %w", err)
	}

	defer server.Close()

	w, err := prepare(ctx, o, directory, server)
	if err != nil {
		return r, err
	}

	r.peer, r.loads = w.binaries[peer], []float64{load()}

	for _, s := range w.sides() {
		runs := startRuns
		if s == peer {
			runs = peerStartRuns
		}

		log.Printf("%d starts of %s", runs, s)

		if r.starts[s], err = w.startOf(ctx, w.binaries[s], runs); err != nil {
			return r, err
		}
	}

	// Servers and disks are slower when they do something for the first time. This round does not count.
	if err := w.round(ctx, measured{}, 1, -1, []side{ours}); err != nil {
		return r, err
	}

	for _, stacks := range o.sizes {
		r.sizes[stacks] = measured{}

		for round := range o.rounds {
			log.Printf("stacks: %d, round %d of %d", stacks, round+1, o.rounds)

			if err := w.round(ctx, r.sizes[stacks], stacks, round, w.turns(o, stacks, round)); err != nil {
				return r, err
			}

			r.loads = append(r.loads, load())
		}
	}

	r.machine, err = describeMachine(ctx, w)

	return r, err
}

// turns are the sides that take part in a round, in their order.
func (w workspace) turns(o options, stacks, round int) []side {
	if stacks > o.peerMost || stacks > o.peerFull && round > 0 {
		return []side{ours}
	}

	sides := w.sides()
	if round%2 == 1 {
		slices.Reverse(sides)
	}

	return sides
}

// round runs the commands on the sides in turns and adds what they took.
func (w workspace) round(ctx context.Context, m measured, stacks, round int, sides []side) error {
	var modules [2]string

	for _, s := range sides {
		module, err := w.module(s, fmt.Sprintf("%s-%d-%d", s, stacks, round+1), stacks)
		if err != nil {
			return err
		}

		modules[s] = module
	}

	for _, c := range sequence(round) {
		if m[c.name] == nil {
			m[c.name] = &[2][]figures{}
		}

		for _, s := range sides {
			f, err := w.run(ctx, modules[s], c)
			if err != nil {
				return fmt.Errorf("%s, stacks: %d: %w", s, stacks, err)
			}

			log.Printf("%s: %s: %s, %d calls", s, c.name, rig.Seconds(f.took), len(f.calls))

			m[c.name][s] = append(m[c.name][s], f)
		}
	}

	return nil
}
