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
	peerStartRuns   = 5
)

// start is what a provider takes from its start until it says where it can be reached.
type start struct {
	took, busy time.Duration
	// memory is its peak until then in bytes, 0 where the system does not tell.
	memory int64
	// size is that of the binary in bytes.
	size int64
}

// build builds the provider the way a release does.
func build(ctx context.Context, directory string) (string, error) {
	binary := filepath.Join(directory, providerName)
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}

	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, providerPackage)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")

	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider: %w\n%s", err, output)
	}

	return binary, nil
}

// startOf measures starts of a provider: medians, and the most memory.
func (w workspace) startOf(ctx context.Context, binary string, runs int) (start, error) {
	info, err := os.Stat(binary)
	if err != nil {
		return start{}, fmt.Errorf("measure the binary: %w", err)
	}

	var took, busy []time.Duration

	s := start{size: info.Size()}

	for range runs {
		one, err := w.startOnce(ctx, binary)
		if err != nil {
			return start{}, fmt.Errorf("start %s: %w", filepath.Base(binary), err)
		}

		took, busy, s.memory = append(took, one.took), append(busy, one.busy), max(s.memory, one.memory)
	}

	s.took, s.busy = median(took), median(busy)

	return s, nil
}

func (w workspace) startOnce(ctx context.Context, binary string) (s start, err error) {
	ctx, stop := context.WithCancel(ctx) // a provider serves until it is killed
	defer stop()

	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(w.environment(), "PLUGIN_PROTOCOL_VERSIONS=5,6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")

	out, err := cmd.StdoutPipe()
	if err != nil {
		return s, fmt.Errorf("open its output: %w", err)
	}

	started := time.Now()

	if err := cmd.Start(); err != nil {
		return s, fmt.Errorf("run it: %w", err)
	}

	line, err := bufio.NewReader(out).ReadString('\n')
	s.took = time.Since(started)
	s.memory = peakOf(cmd.Process.Pid)

	stop()

	var killed *exec.ExitError
	if waited := cmd.Wait(); waited != nil && !errors.As(waited, &killed) && !errors.Is(waited, context.Canceled) {
		return s, fmt.Errorf("wait for it: %w", waited)
	}

	s.busy = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()

	if err != nil && !errors.Is(err, io.EOF) {
		return s, fmt.Errorf("read its output: %w", err)
	}

	if strings.Count(line, "|") < 4 { // core version | protocol | network | address | kind of protocol
		return s, fmt.Errorf("it does not introduce itself as a plugin: %q", line)
	}

	return s, nil
}
