// Command zenml measures how long stacks take to be registered at a real ZenML server, and with how many calls: by the built
// provider in the real CLI, and beside it by the calls that the provider zenml-io/zenml would make, without any CLI around
// them. Both go through one proxy that counts. What a CLI costs is on our side only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml" //nolint:depguard // a measurement is no part of the provider
)

func main() {
	stacks := flag.String("stacks", "1 50 200", "numbers of stacks")
	plugin := flag.String("plugin", "", "directory of the built provider")

	flag.Parse()

	if err := run(*stacks, *plugin); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(stacks, plugin string) error {
	server, err := zenml.StartServer()
	if err != nil {
		return err
	}

	proxy, stop := server.Counted()
	defer stop()

	out := os.Stdout
	fmt.Fprintf(out, "| stacks | step | zenml-io/zenml's calls | the same, one login | mlstacks in the CLI | calls each | one login | mlstacks | ratio of calls | of time |\n"+
		"|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")

	// A server is slow at first, and nobody is to be measured by that.
	warm := bench{server: server, proxy: proxy, stacks: 1}
	if _, err := warm.peer(context.Background(), false); err != nil {
		return err
	}

	for text := range strings.FieldsSeq(stacks) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("-stacks: %w", err)
		}

		b := bench{server: server, proxy: proxy, plugin: plugin, stacks: n}
		if err := b.run(context.Background()); err != nil {
			return err
		}

		for _, step := range steps {
			as, kept, our := b.asIs[step], b.kept[step], b.ours[step]
			fmt.Fprintf(out, "| %d | %s | %s | %s | %s | %.1f | %.1f | %.1f | %.2f | %.2f |\n", n, step, as.each(n), kept.each(n), our.each(n),
				as.calls(n), kept.calls(n), our.calls(n), our.calls(n)/as.calls(n), our.time.Seconds()/as.time.Seconds())
		}
	}

	return nil
}

var steps = []string{"create", "read", "delete"}

// figure is what a step took in all.
type figure struct {
	time  time.Duration
	count int
}

func (f figure) each(n int) string {
	return fmt.Sprintf("%d ms", f.time.Milliseconds()/int64(n))
}

func (f figure) calls(n int) float64 { return float64(f.count) / float64(n) }

type bench struct {
	server           *zenml.Server
	proxy            *zenml.Proxy
	plugin           string
	stacks           int
	asIs, kept, ours map[string]figure
}

func (b *bench) run(ctx context.Context) (err error) {
	if b.asIs, err = b.peer(ctx, false); err != nil {
		return err
	}

	if b.kept, err = b.peer(ctx, true); err != nil {
		return err
	}

	b.ours, err = b.provider(ctx)

	return err
}

func (b *bench) measure(into map[string]figure, step string, do func() error) error {
	b.proxy.Calls()

	start := time.Now()
	err := do()
	into[step] = figure{time: time.Since(start), count: len(b.proxy.Calls())}

	return err
}

func (b *bench) peer(ctx context.Context, keep bool) (map[string]figure, error) {
	p := &peer{url: b.proxy.URL, key: b.server.APIKey, keep: keep}
	figures := map[string]figure{}

	names := make([]string, b.stacks)
	for i := range names {
		names[i] = fmt.Sprintf("peer-%d", i)
	}

	var all []made

	err := b.measure(figures, "create", func() (err error) {
		all, err = p.create(ctx, names)

		return err
	})
	if err != nil {
		return nil, err
	}

	if err := b.measure(figures, "read", func() error { return p.read(ctx, all) }); err != nil {
		return nil, err
	}

	return figures, b.measure(figures, "delete", func() error { return p.remove(ctx, all) })
}

const configuration = `terraform {
  required_providers {
    mlstacks = { source = "mlstacks/mlstacks" }
  }
}
variable "stacks" { type = number }
provider "mlstacks" {
  zenml = { api_key = %[2]q }
}
resource "mlstacks_mlops_platform" "server" {
  name         = "server"
  zenml_server = { url = %[1]q }
}
resource "mlstacks_orchestrator" "s" {
  count = var.stacks
  name  = "ours-${count.index}"
  local = {}
}
resource "mlstacks_artifact_store" "s" {
  count = var.stacks
  name  = "ours-${count.index}"
  local = { path = "./artifacts/${count.index}" }
}
resource "mlstacks_stack" "s" {
  count          = var.stacks
  name           = "ours-${count.index}"
  orchestrator   = mlstacks_orchestrator.s[count.index]
  artifact_store = mlstacks_artifact_store.s[count.index]
}
resource "mlstacks_stack_registration" "s" {
  count    = var.stacks
  stack    = mlstacks_stack.s[count.index]
  platform = mlstacks_mlops_platform.server
}
`

func (b *bench) provider(ctx context.Context) (map[string]figure, error) {
	dir, err := os.MkdirTemp("", "mlstacks-bench-zenml-")
	if err != nil {
		return nil, fmt.Errorf("make a directory: %w", err)
	}

	defer func() { _ = os.RemoveAll(dir) }()

	for name, text := range map[string]string{
		"main.tf":  fmt.Sprintf(configuration, b.proxy.URL, b.server.APIKey),
		"cli.tfrc": fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"registry.terraform.io/mlstacks/mlstacks\" = %q\n  }\n  direct {}\n}\n", b.plugin),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}

	figures := map[string]figure{}

	for _, one := range []struct {
		step      string
		arguments []string
	}{
		{"", []string{"apply", "-auto-approve", "-target=mlstacks_stack.s"}}, // what is measured is registering
		{"create", []string{"apply", "-auto-approve"}},
		{"read", []string{"plan", "-detailed-exitcode"}},
		{"delete", []string{"destroy", "-auto-approve", "-target=mlstacks_stack_registration.s"}},
		{"", []string{"destroy", "-auto-approve"}},
	} {
		if err := b.measure(figures, one.step, func() error { return b.terraform(ctx, dir, one.arguments...) }); err != nil {
			return nil, err
		}
	}

	return figures, nil
}

func (b *bench) terraform(ctx context.Context, dir string, arguments ...string) error {
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		program = "terraform"
	}

	command := exec.CommandContext(ctx, program, append(arguments, "-no-color", "-var=stacks="+strconv.Itoa(b.stacks))...)
	command.Dir = dir
	command.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")

	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", arguments, err, output)
	}

	return nil
}
