package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	providerPackage = "github.com/mlstacks/terraform-provider-mlstacks"
	providerName    = "terraform-provider-mlstacks"
	startRuns       = 20
)

// prepare finds the CLI, builds the provider and writes the CLI's settings.
func prepare(ctx context.Context, directory string) (workspace, error) {
	w := workspace{directory: directory}

	var err error
	if w.cli, err = findCLI(); err != nil {
		return w, err
	}

	if w.provider, err = build(ctx, filepath.Join(directory, "released")); err != nil {
		return w, err
	}

	launcher, err := installLauncher(filepath.Join(directory, "launcher"))
	if err != nil {
		return w, err
	}

	if w.settings, err = w.override("released.tfrc", w.provider); err != nil {
		return w, err
	}

	w.launched, err = w.override("launched.tfrc", launcher)

	return w, err
}

// executable is the file name of a program on this system.
func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}

	return name
}

// build builds the provider the way a release does.
func build(ctx context.Context, directory string) (string, error) {
	binary := filepath.Join(directory, executable(providerName))

	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, providerPackage)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")

	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider: %w\n%s", err, output)
	}

	return binary, nil
}

// override writes settings that make the CLI take the provider from where a binary is. Nothing needs to be
// initialized then.
func (w workspace) override(name, binary string) (string, error) {
	file := filepath.Join(w.directory, name)
	text := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"mlstacks/mlstacks\" = %q\n  }\n  direct {}\n}\n", filepath.Dir(binary))

	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", fmt.Errorf("write settings of the CLI: %w", err)
	}

	return file, nil
}

func (w workspace) binarySize() (int64, error) {
	info, err := os.Stat(w.provider)
	if err != nil {
		return 0, fmt.Errorf("measure the provider's binary: %w", err)
	}

	return info.Size(), nil
}

// startTime is how long the provider takes from its start until it says where it can be reached.
func (w workspace) startTime(ctx context.Context) (time.Duration, error) {
	times := make([]time.Duration, 0, startRuns)

	for range startRuns {
		took, err := w.startOnce(ctx)
		if err != nil {
			return 0, fmt.Errorf("start the provider: %w", err)
		}

		times = append(times, took)
	}

	return median(times), nil
}

func (w workspace) startOnce(ctx context.Context) (took time.Duration, err error) {
	ctx, stop := context.WithCancel(ctx) // a provider serves until it is killed
	defer stop()

	cmd := exec.CommandContext(ctx, w.provider)
	cmd.Env = append(w.environment(), "PLUGIN_PROTOCOL_VERSIONS=6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")

	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, fmt.Errorf("open its output: %w", err)
	}

	started := time.Now()

	if err := cmd.Start(); err != nil {
		return 0, err
	}

	line, err := bufio.NewReader(out).ReadString('\n')
	took = time.Since(started)

	stop()

	var killed *exec.ExitError
	if waited := cmd.Wait(); waited != nil && !errors.As(waited, &killed) && !errors.Is(waited, context.Canceled) {
		return 0, fmt.Errorf("wait for it: %w", waited)
	}

	if err != nil && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("read its output: %w", err)
	}

	if strings.Count(line, "|") < 4 { // core version | protocol | network | address | kind of protocol
		return 0, fmt.Errorf("it does not introduce itself as a plugin: %q", line)
	}

	return took, nil
}
