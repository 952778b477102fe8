// Command bench measures the provider against terraform_data, which is built into the CLI, and prints ratios.
//
// Both sides have the same number of resources, one plain block each (no count, no for_each, no module): for every
// stack the six components of examples/stacks/local and the stack that refers to each of them whole. On our side those
// are a mlstacks_<kind> each, two of which make a directory and one a database file; on the other a terraform_data each
// with the same values as input.
//
// The commands are those a user types: validate, plan, apply (which plans once more) and a second plan, which must find
// nothing to do. The sides take turns command by command, so that whatever else the machine is doing slows both, and
// the side that goes first changes from run to run. Figures are medians. Nothing fails because it is slow: the aims
// are printed beside what was measured.
//
// The CLI is the one that TF_ACC_TERRAFORM_PATH names, else terraform or tofu on PATH. Everything is made in a
// temporary directory, which is removed at the end.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")

	if provider := os.Getenv(launchVariable); provider != "" {
		os.Exit(launch(provider, os.Getenv(launchRecordVariable)))
	}

	sizes := flag.String("sizes", "1,50,200", "numbers of stacks, with commas between them")
	runs := flag.Int("runs", 3, "how often each command is run on each side")
	flag.Parse()

	if err := bench(*sizes, *runs, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// bench measures everything in a temporary directory and prints the report.
func bench(list string, runs int, out io.Writer) (err error) {
	sizes, err := rig.Sizes("-sizes", list)
	if err != nil {
		return err
	}

	if runs < 1 {
		return fmt.Errorf("-runs %d: at least one run is needed", runs)
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	directory, err := os.MkdirTemp("", "mlstacks-bench-")
	if err != nil {
		return fmt.Errorf("make temporary directory: %w", err)
	}

	defer func() {
		if removal := os.RemoveAll(directory); removal != nil && err == nil {
			err = fmt.Errorf("remove temporary directory: %w", removal)
		}
	}()

	r, err := measure(ctx, directory, sizes, runs)
	if err != nil {
		return err
	}

	r.print(out)

	return nil
}

// measure takes every figure of the report.
func measure(ctx context.Context, directory string, sizes []int, runs int) (report, error) {
	r := report{sizes: sizes, runs: runs, commands: map[int]map[string]pair{}}

	b, err := prepare(ctx, directory)
	if err != nil {
		return r, err
	}

	if r.size, err = b.binarySize(); err != nil {
		return r, err
	}

	log.Printf("start of the provider, %d times", startRuns)

	if r.start, err = b.startTime(ctx); err != nil {
		return r, err
	}

	for _, stacks := range sizes {
		if r.commands[stacks], err = b.compare(ctx, stacks, runs); err != nil {
			return r, err
		}
	}

	log.Printf("memory of the provider")

	if r.memory, err = b.peakMemory(ctx, r.largest()); err != nil {
		return r, err
	}

	r.machine, err = describeMachine(ctx, b.cli)

	return r, err
}
