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
	"strings"
	"time"
)

const (
	providerPackage = "github.com/mlstacks/terraform-provider-mlstacks"
	providerName    = "terraform-provider-mlstacks"
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
	if w.cli, err = program(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"); err != nil {
		return w, err
	}

	if w.helm, err = program(o.helm); err != nil {
		return w, err
	}

	binary := filepath.Join(directory, "provider", providerName)
	if o.provider != "" {
		if binary, err = filepath.Abs(o.provider); err != nil {
			return w, fmt.Errorf("find the provider: %w", err)
		}
	} else if _, err := w.run(ctx, "", os.Environ(), "go", "build", "-ldflags", "-s -w", "-o", binary, providerPackage); err != nil {
		return w, fmt.Errorf("build the provider: %w", err)
	}

	w.settings = filepath.Join(directory, "settings.tfrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"mlstacks/mlstacks\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(binary))

	if err := os.WriteFile(w.settings, []byte(text), 0o600); err != nil {
		return w, fmt.Errorf("write settings of the CLI: %w", err)
	}

	return w, nil
}

// program is the first of some programs that is there.
func program(names ...string) (string, error) {
	for _, name := range names {
		if name == "" {
			continue
		}

		if found, err := exec.LookPath(name); err == nil {
			return filepath.Abs(found)
		}
	}

	return "", fmt.Errorf("find a program: there is none of %s", strings.TrimSpace(strings.Join(names, " ")))
}

// module makes a directory with a configuration.
func (w workspace) module(name string, files map[string]string) (string, error) {
	module, err := os.MkdirTemp(w.directory, name)
	if err != nil {
		return "", fmt.Errorf("make module: %w", err)
	}

	for file, text := range files {
		if err := os.WriteFile(filepath.Join(module, file), []byte(text), 0o600); err != nil {
			return "", fmt.Errorf("write module: %w", err)
		}
	}

	return module, nil
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
	// Interrupted once, the CLI finishes what it is at; with what a terminal sends to all it would be twice.
	cmd.SysProcAttr = apart()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second

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
	kept := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "TF_") || strings.HasPrefix(entry, "HELM_") || strings.HasPrefix(entry, "KUBECONFIG=") ||
			strings.HasPrefix(entry, "TMPDIR=")
	})

	return append(kept, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TMPDIR="+w.directory)
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
