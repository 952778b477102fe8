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

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// apply are the arguments of an apply that asks nothing.
var apply = []string{"apply", "-input=false", "-auto-approve"}

// workspace is where the benchmark has what it made, and the programs that it runs.
type workspace struct {
	directory, cli, helm string
	// settings make the CLI run the provider.
	settings string
}

// prepare finds the programs, builds the provider and writes the CLI's settings.
func prepare(ctx context.Context, o options, directory string) (workspace, error) {
	w := workspace{directory: directory}

	var err error
	if w.cli, err = rig.FindCLI(); err != nil {
		return w, err
	}

	if w.helm, err = rig.Program(o.helm); err != nil {
		return w, err
	}

	binary, err := rig.Provider(ctx, o.provider, filepath.Join(directory, "provider"))
	if err != nil {
		return w, err
	}

	w.settings = filepath.Join(directory, "settings.tfrc")

	return w, rig.WriteSettings(w.settings, map[string]string{"mlstacks/mlstacks": binary})
}

// module makes a directory with a configuration.
func (w workspace) module(name string, files map[string]string) (string, error) {
	module, err := os.MkdirTemp(w.directory, name)
	if err != nil {
		return "", fmt.Errorf("make module: %w", err)
	}

	return module, rig.WriteModule(module, files)
}

// terraform runs a command of the CLI in a module and says how long it took.
func (w workspace) terraform(ctx context.Context, module string, arguments ...string) (time.Duration, error) {
	return w.run(ctx, module, w.cliEnvironment(), w.cli, append(slices.Clone(arguments), "-no-color")...)
}

func (w workspace) cliEnvironment() []string {
	return append(w.environment(), "TF_CLI_CONFIG_FILE="+w.settings)
}

// run runs a program and says how long it took.
func (w workspace) run(ctx context.Context, directory string, environment []string, name string, arguments ...string) (time.Duration, error) {
	took, _, err := timed(ctx, directory, environment, name, arguments...)

	return took, err
}

// timed runs a program and says how long it took, and how much of the processor's time it and its children had: that tells
// more than the clock where other work goes on.
func timed(ctx context.Context, directory string, environment []string, name string, arguments ...string) (took, busy time.Duration, err error) {
	cmd := exec.CommandContext(ctx, name, arguments...)
	cmd.Dir, cmd.Env = directory, environment
	rig.Gently(cmd, 30*time.Second)

	var output bytes.Buffer

	cmd.Stdout, cmd.Stderr = &output, &output

	started := time.Now()
	err = cmd.Run()
	took = time.Since(started)

	if err != nil {
		return 0, 0, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), arguments[0], errors.Join(ctx.Err(), err), &output)
	}

	return took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// environment is ours without what would change what the programs do.
func (w workspace) environment() []string {
	return rig.Environment(w.directory, "HELM_", "KUBECONFIG=")
}

// clusterConfiguration is the part of a module with a cluster.
func clusterConfiguration(name, more string) string {
	return fmt.Sprintf(`terraform {
  required_providers {
    mlstacks = { source = "mlstacks/mlstacks" }
  }
}

resource "mlstacks_cluster" "bench" {
  name = %q

  k3d = {
    image = %q%s
  }
}
`, name, nodeImage(), more)
}
