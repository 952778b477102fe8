package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	double "github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws" //nolint:depguard // a measurement is no part of the provider
	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// workspace is where the benchmark has what it made, and what it runs.
type workspace struct {
	directory, cli string
	// binaries are the providers, settings make the CLI run them. The peer's are empty where it is absent.
	binaries [2]string
	settings string
	server   *double.Double
}

// sides are those that are measured, in the order in which they take turns.
func (w workspace) sides() []side {
	if w.binaries[peer] == "" {
		return []side{ours}
	}

	return []side{peer, ours}
}

// prepare finds the CLI and the peer, builds the provider and writes the CLI's settings.
func prepare(ctx context.Context, o options, directory string, server *double.Double) (workspace, error) {
	w := workspace{directory: directory, server: server, settings: filepath.Join(directory, "settings.tfrc")}

	var err error
	if w.cli, err = rig.FindCLI(); err != nil {
		return w, err
	}

	if w.binaries[peer], err = findPeer(o); err != nil {
		return w, err
	}

	if w.binaries[ours], err = rig.Provider(ctx, o.provider, filepath.Join(directory, "released")); err != nil {
		return w, err
	}

	binaries := map[string]string{"mlstacks/mlstacks": w.binaries[ours]}
	if binary := w.binaries[peer]; binary != "" {
		binaries["hashicorp/aws"] = binary
	}

	return w, rig.WriteSettings(w.settings, binaries)
}

// module makes a directory with the configuration of a side.
func (w workspace) module(s side, prefix string, stacks int) (string, error) {
	text, err := s.configuration(prefix, w.server.Endpoint, stacks)
	if err != nil {
		return "", err
	}

	module := filepath.Join(w.directory, prefix)
	if err := os.Mkdir(module, 0o755); err != nil {
		return "", fmt.Errorf("make module: %w", err)
	}

	return module, rig.WriteModule(module, map[string]string{"main.tf": text})
}

// figures are what one run of a command took.
type figures struct {
	took time.Duration
	// cli and provider are the processor's time of the CLI and of all provider processes that it has started.
	cli, provider time.Duration
	// memory is the most resident memory of a provider process in bytes; 0, like starts, where the system does not tell.
	memory int64
	starts int
	// calls are the operations that were called, in the order in which they came.
	calls []string
}

// run runs a command of the CLI in a module.
func (w workspace) run(ctx context.Context, module string, c command) (figures, error) {
	var output bytes.Buffer

	cmd := exec.CommandContext(ctx, w.cli, append(slices.Clone(c.arguments), "-no-color")...)
	cmd.Dir, cmd.Env = module, append(w.environment(), "TF_CLI_CONFIG_FILE="+w.settings)
	cmd.Stdout, cmd.Stderr = &output, &output
	rig.Gently(cmd, time.Minute)

	w.server.Reset()

	started := time.Now()

	if err := cmd.Start(); err != nil {
		return figures{}, fmt.Errorf("run %s: %w", filepath.Base(w.cli), err)
	}

	stop := make(chan struct{})
	watched := watch(cmd.Process.Pid, stop)

	err := cmd.Wait()
	f := figures{took: time.Since(started)}

	close(stop)

	saw := <-watched

	if err != nil {
		return f, fmt.Errorf("%s: %w\n%s", c.name, errors.Join(ctx.Err(), err), &output)
	}

	for _, call := range w.server.Calls() {
		f.calls = append(f.calls, call.Operation)
	}

	// The CLI waits for its providers, so that their time is in its own.
	f.cli, f.memory, f.starts = saw.busy, saw.memory, len(saw.providers)
	f.provider = max(0, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()-f.cli)

	return f, nil
}

// environment is ours without what would change what the CLI and the providers do, and with the login to the server.
func (w workspace) environment() []string {
	return append(rig.Environment(w.directory, "AWS_"), w.server.Env()...)
}
