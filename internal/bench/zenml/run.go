package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml" //nolint:depguard // a measurement is no part of the provider
	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// workspace is where the benchmark has what it made, and what it runs.
type workspace struct {
	directory, cli string
	// settings make the CLI run the provider.
	settings string

	// proxy stands before the server, and key is that of its service account.
	proxy *zenml.Proxy
	key   string
}

// prepare finds the CLI, builds the provider and writes the CLI's settings.
func prepare(ctx context.Context, o options, directory string) (*workspace, error) {
	w := &workspace{directory: directory, settings: filepath.Join(directory, "settings.tfrc")}

	var err error
	if w.cli, err = rig.FindCLI(); err != nil {
		return nil, err
	}

	binary, err := rig.Provider(ctx, o.provider, filepath.Join(directory, "provider"))
	if err != nil {
		return nil, err
	}

	return w, rig.WriteSettings(w.settings, map[string]string{"mlstacks/mlstacks": binary})
}

// life is what each command does on a side, one for each of commands.
func (w *workspace) life(ctx context.Context, s side, stacks int, name string) ([]func() error, error) {
	if s == ours {
		return w.terraformLife(ctx, stacks, name)
	}

	p := &peer{url: w.proxy.URL, key: w.key, keep: s == oneLogin}

	return p.life(ctx, stacks), nil
}

// configuration takes the address of a server, its key, and how many stacks there are.
const configuration = `terraform {
  required_providers {
    mlstacks = { source = "mlstacks/mlstacks" }
  }
}
locals { stacks = %[3]d }
provider "mlstacks" {
  zenml = { api_key = %[2]q }
}
resource "mlstacks_mlops_platform" "server" {
  name         = "server"
  zenml_server = { url = %[1]q }
}
resource "mlstacks_orchestrator" "s" {
  count = local.stacks
  name  = "ours-${count.index}"
  local = {}
}
resource "mlstacks_artifact_store" "s" {
  count = local.stacks
  name  = "ours-${count.index}"
  local = { path = "./artifacts/${count.index}" }
}
resource "mlstacks_stack" "s" {
  count          = local.stacks
  name           = "ours-${count.index}"
  orchestrator   = mlstacks_orchestrator.s[count.index]
  artifact_store = mlstacks_artifact_store.s[count.index]
}
resource "mlstacks_stack_registration" "s" {
  count    = local.stacks
  stack    = mlstacks_stack.s[count.index]
  platform = mlstacks_mlops_platform.server
}
`

// terraformLife makes a module with the stacks themselves: what is measured is registering them.
func (w *workspace) terraformLife(ctx context.Context, stacks int, name string) ([]func() error, error) {
	module := filepath.Join(w.directory, name)
	if err := os.Mkdir(module, 0o755); err != nil {
		return nil, fmt.Errorf("make module: %w", err)
	}

	if err := rig.WriteModule(module, map[string]string{"main.tf": fmt.Sprintf(configuration, w.proxy.URL, w.key, stacks)}); err != nil {
		return nil, err
	}

	run := func(arguments ...string) func() error {
		return func() error { return w.terraform(ctx, module, arguments...) }
	}

	return []func() error{
		run("apply", "-input=false", "-auto-approve"),
		// With this flag a plan that finds something to do counts as failed.
		run("plan", "-input=false", "-detailed-exitcode"),
		run("apply", "-destroy", "-input=false", "-auto-approve", "-target=mlstacks_stack_registration.s"),
	}, w.terraform(ctx, module, "apply", "-input=false", "-auto-approve", "-target=mlstacks_stack.s")
}

// terraform runs a command of the CLI in a module.
func (w *workspace) terraform(ctx context.Context, module string, arguments ...string) error {
	cmd := exec.CommandContext(ctx, w.cli, append(arguments, "-no-color")...)
	cmd.Dir, cmd.Env = module, append(w.environment(), "TF_CLI_CONFIG_FILE="+w.settings)
	rig.Gently(cmd, time.Minute)

	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(w.cli), arguments[0], errors.Join(ctx.Err(), err), output)
	}

	return nil
}

// version is that of the CLI.
func (w *workspace) version(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, w.cli, "version")
	cmd.Env = w.environment()

	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask the CLI for its version: %w", err)
	}

	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")

	return line, nil
}

// environment is ours without what would change what the CLI and the provider do.
func (w *workspace) environment() []string {
	return rig.Environment(w.directory, "ZENML_", "MLSTACKS_")
}
