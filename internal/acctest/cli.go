package acctest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// CLI is a working directory with a configuration, and the real CLI with the built provider. Tests use it for what the
// test framework cannot do: being another user, or being killed.
type CLI struct {
	// Dir is the working directory.
	Dir string
	// Prepare may change a command before it is started, for example its user.
	Prepare func(*exec.Cmd)

	program string
	env     []string
}

// The provider is built once for all tests of a package, into a directory that all of this checkout share: it is one file
// that the next build replaces, and a process that runs the former one keeps it.
var build = sync.OnceValues(func() (string, error) {
	checkout, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the checkout: %w", err)
	}

	sum := sha256.Sum256([]byte(filepath.Dir(checkout)))

	dir := filepath.Join(os.TempDir(), fmt.Sprintf("mlstacks-provider-%d-%x", os.Getuid(), sum[:4]))
	if err := os.MkdirAll(dir, 0o755); err != nil { // a test may run the provider as another user
		return "", fmt.Errorf("make a directory for the provider: %w", err)
	}

	fresh := filepath.Join(dir, fmt.Sprintf("building-%d", os.Getpid()))
	defer func() { _ = os.Remove(fresh) }()

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()

	command := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", fresh,
		"github.com/mlstacks/terraform-provider-mlstacks")
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider: %w: %s", err, output)
	}

	return dir, os.Rename(fresh, filepath.Join(dir, "terraform-provider-mlstacks"))
})

const overrides = `provider_installation {
  dev_overrides {
    "registry.terraform.io/mlstacks/mlstacks" = %[1]q
    "registry.opentofu.org/mlstacks/mlstacks" = %[1]q
  }
  direct {}
}
`

// NewCLI writes a configuration into a directory of its own.
func NewCLI(t *testing.T, configuration string) *CLI {
	t.Helper()

	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if cli == "" {
		var err error
		if cli, err = exec.LookPath("terraform"); err != nil {
			t.Skip("SKIPPED: there is no terraform on PATH and TF_ACC_TERRAFORM_PATH names none; `make test` finds or builds one")
		}
	}

	plugins, err := build()
	if err != nil {
		t.Fatal(err)
	}

	// Not below t.TempDir, which only its owner may enter.
	dir, err := os.MkdirTemp("", "mlstacks-cli-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() { _ = os.RemoveAll(dir) })

	for name, text := range map[string]string{
		"main.tf":  "terraform {\n  required_providers {\n    mlstacks = { source = \"mlstacks/mlstacks\" }\n  }\n}\n" + configuration,
		"cli.tfrc": fmt.Sprintf(overrides, plugins),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	return &CLI{Dir: dir, program: cli, env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TF_CLI_CONFIG_FILE=" + filepath.Join(dir, "cli.tfrc"), "TF_IN_AUTOMATION=1",
		"CHECKPOINT_DISABLE=1",
	}}
}

// Command makes a command of the CLI, bounded and without color.
func (c *CLI) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, c.program, append(arguments, "-no-color")...)
	command.Dir, command.Env = c.Dir, c.env

	if c.Prepare != nil {
		c.Prepare(command)
	}

	return command
}

// Run runs a command of the CLI and returns what it printed.
func (c *CLI) Run(t *testing.T, arguments ...string) (string, error) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()

	output, err := c.Command(ctx, arguments...).CombinedOutput()

	return string(output), err
}
