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
	"strconv"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// The CLI starts the provider itself, several times in one plan, and nobody else hears how much memory each of them
// took. So this program puts itself in the provider's place: started with these variables it starts the real one,
// hands on everything it is given, and notes the peak when the provider has ended.
const (
	launchVariable       = "MLSTACKS_BENCH_LAUNCH"
	launchRecordVariable = "MLSTACKS_BENCH_RECORD"
)

// launch runs the provider in place of this process, notes its peak memory and returns its exit code.
func launch(provider, record string) int {
	cmd := exec.CommandContext(context.Background(), provider, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr

	var failed *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &failed) {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	if err := note(record, peakOf(cmd.ProcessState)); err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	return cmd.ProcessState.ExitCode()
}

// note adds a line to a file.
func note(file string, value int64) (err error) {
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open record: %w", err)
	}

	defer func() { err = errors.Join(err, out.Close()) }()

	if _, err := fmt.Fprintln(out, value); err != nil {
		return fmt.Errorf("write record: %w", err)
	}

	return nil
}

// installLauncher copies this program to where the CLI looks for the provider.
func installLauncher(directory string) (copied string, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}

	from, err := os.Open(self)
	if err != nil {
		return "", fmt.Errorf("open this program: %w", err)
	}

	defer func() { err = errors.Join(err, from.Close()) }()

	if err := os.Mkdir(directory, 0o755); err != nil {
		return "", fmt.Errorf("make directory: %w", err)
	}

	copied = filepath.Join(directory, rig.ProviderFile())

	to, err := os.OpenFile(copied, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755) //nolint:gosec // a program must be executable
	if err != nil {
		return "", fmt.Errorf("make launcher: %w", err)
	}

	defer func() { err = errors.Join(err, to.Close()) }()

	if _, err := io.Copy(to, from); err != nil {
		return "", fmt.Errorf("copy launcher: %w", err)
	}

	return copied, nil
}

// peakMemory is the most resident memory that any provider process takes during a first plan, in bytes; 0 where the
// system does not tell.
func (w workspace) peakMemory(ctx context.Context, stacks int) (int64, error) {
	module, err := w.module(ours, stacks)
	if err != nil {
		return 0, err
	}

	record := filepath.Join(w.directory, "memory")

	if _, err := w.run(ctx, module, w.launched, planCommand(), launchVariable+"="+w.provider, launchRecordVariable+"="+record); err != nil {
		return 0, fmt.Errorf("measure memory: %w", err)
	}

	return highest(record)
}

// highest is the greatest number of a file with one in each line.
func highest(file string) (greatest int64, err error) {
	in, err := os.Open(file)
	if err != nil {
		return 0, fmt.Errorf("no provider noted its memory: %w", err)
	}

	defer func() { err = errors.Join(err, in.Close()) }()

	lines := bufio.NewScanner(in)
	for lines.Scan() {
		value, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read record: %w", err)
		}

		greatest = max(greatest, value)
	}

	if err := lines.Err(); err != nil {
		return 0, fmt.Errorf("read record: %w", err)
	}

	return greatest, nil
}
