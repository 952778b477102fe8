package rig

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
	"slices"
	"strings"
	"time"
)

const providerPackage = "github.com/mlstacks/terraform-provider-mlstacks"

// ProviderFile is the file name of the provider on this system.
func ProviderFile() string {
	if runtime.GOOS == "windows" {
		return "terraform-provider-mlstacks.exe"
	}

	return "terraform-provider-mlstacks"
}

// Build builds the provider the way a release does and says where it is.
func Build(ctx context.Context, directory string) (string, error) {
	binary := filepath.Join(directory, ProviderFile())

	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, providerPackage)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")

	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the provider: %w\n%s", err, output)
	}

	return binary, nil
}

// Provider is the binary that somebody named, and where nobody did, one that is built in a directory.
func Provider(ctx context.Context, named, directory string) (string, error) {
	if named == "" {
		return Build(ctx, directory)
	}

	binary, err := filepath.Abs(named)
	if err == nil {
		_, err = os.Stat(binary)
	}

	if err != nil {
		return "", fmt.Errorf("find the provider: %w", err)
	}

	return binary, nil
}

// Start is what a provider takes from its start until it says where it can be reached; busy is the processor's time until it has
// ended. look, where given, is called with its process while it still runs.
func Start(ctx context.Context, binary string, environment []string, look func(process int)) (took, busy time.Duration, err error) {
	ctx, stop := context.WithCancel(ctx) // a provider serves until it is killed
	defer stop()

	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(slices.Clone(environment), "PLUGIN_PROTOCOL_VERSIONS=5,6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")

	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, fmt.Errorf("open its output: %w", err)
	}

	started := time.Now()

	if err := cmd.Start(); err != nil {
		return 0, 0, fmt.Errorf("run it: %w", err)
	}

	line, err := bufio.NewReader(out).ReadString('\n')
	took = time.Since(started)

	if look != nil {
		look(cmd.Process.Pid)
	}

	stop()

	var killed *exec.ExitError
	if waited := cmd.Wait(); waited != nil && !errors.As(waited, &killed) && !errors.Is(waited, context.Canceled) {
		return 0, 0, fmt.Errorf("wait for it: %w", waited)
	}

	if err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, fmt.Errorf("read its output: %w", err)
	}

	if strings.Count(line, "|") < 4 { // core version | protocol | network | address | kind of protocol
		return 0, 0, fmt.Errorf("it does not introduce itself as a plugin: %q", line)
	}

	return took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
