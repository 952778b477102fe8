package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// workspace is where the benchmark has what it made: the provider, and settings that make a CLI use it.
type workspace struct {
	directory string
	// cli is Terraform or OpenTofu.
	cli string
	// provider is the provider as released.
	provider string
	// settings make the CLI run the provider, and launched the launcher in its place.
	settings, launched string
}

// command is one command of the CLI.
type command struct {
	name      string
	arguments []string
}

// commands are run in this order, each on what the one before left behind.
func commands() []command {
	return []command{
		{"validate", []string{"validate"}},
		planCommand(),
		{"apply", []string{"apply", "-input=false", "-auto-approve"}},
		// With this flag a plan that finds something to do counts as failed.
		{"no-op plan", []string{"plan", "-input=false", "-detailed-exitcode"}},
	}
}

func planCommand() command { return command{"plan", []string{"plan", "-input=false"}} }

// compare runs the commands for a number of stacks on both sides, in turns.
func (w workspace) compare(ctx context.Context, stacks, runs int) (map[string]pair, error) {
	times := map[string]*[2][]time.Duration{}
	for _, c := range commands() {
		times[c.name] = &[2][]time.Duration{}
	}

	for run := range runs {
		log.Printf("%d stacks, run %d of %d", stacks, run+1, runs)

		taken, err := w.round(ctx, stacks, run)
		if err != nil {
			return nil, err
		}

		for name, pair := range taken {
			for s, took := range pair {
				times[name][s] = append(times[name][s], took)
			}
		}
	}

	medians := map[string]pair{}
	for name, taken := range times {
		medians[name] = pair{rig.Median(taken[baseline]), rig.Median(taken[ours])}
	}

	return medians, nil
}

// round runs each command once on each side.
func (w workspace) round(ctx context.Context, stacks, run int) (map[string]pair, error) {
	var modules [2]string

	for _, s := range []side{baseline, ours} {
		module, err := w.module(s, stacks)
		if err != nil {
			return nil, err
		}

		modules[s] = module
	}

	order := []side{baseline, ours}
	if run%2 == 1 {
		slices.Reverse(order)
	}

	times := map[string]pair{}

	for _, c := range commands() {
		var both pair

		for _, s := range order {
			took, err := w.run(ctx, modules[s], w.settings, c)
			if err != nil {
				return nil, fmt.Errorf("%d stacks of %s: %w", stacks, s, err)
			}

			both[s] = took
		}

		times[c.name] = both
	}

	return times, nil
}

// module makes a directory with a configuration.
func (w workspace) module(s side, stacks int) (string, error) {
	module, err := os.MkdirTemp(w.directory, fmt.Sprintf("%s-%d-", s, stacks))
	if err != nil {
		return "", fmt.Errorf("make module: %w", err)
	}

	return module, rig.WriteModule(module, map[string]string{"main.tf": s.configuration(stacks)})
}

// run runs a command of the CLI in a module and says how long it took.
func (w workspace) run(ctx context.Context, module, settings string, c command, environment ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, w.cli, c.arguments...)
	cmd.Dir = module
	cmd.Env = append(w.environment(), append(environment, "TF_CLI_CONFIG_FILE="+settings)...)
	// Interrupted, the CLI takes its providers along; killed, it would leave them behind.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second

	started := time.Now()
	output, err := cmd.CombinedOutput()
	took := time.Since(started)

	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", c.name, err, output)
	}

	return took, nil
}

// environment is ours without what would change what the CLI does.
func (w workspace) environment() []string { return rig.Environment(w.directory) }
