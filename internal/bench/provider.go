package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

const startRuns = 20

// prepare finds the CLI, builds the provider and writes the CLI's settings.
func prepare(ctx context.Context, directory string) (workspace, error) {
	w := workspace{directory: directory}

	var err error
	if w.cli, err = rig.FindCLI(); err != nil {
		return w, err
	}

	if w.provider, err = rig.Build(ctx, filepath.Join(directory, "released")); err != nil {
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

// override writes settings that make the CLI take the provider from where a binary is.
func (w workspace) override(name, binary string) (string, error) {
	file := filepath.Join(w.directory, name)

	return file, rig.WriteSettings(file, map[string]string{"mlstacks/mlstacks": binary})
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
		took, _, err := rig.Start(ctx, w.provider, w.environment(), nil)
		if err != nil {
			return 0, fmt.Errorf("start the provider: %w", err)
		}

		times = append(times, took)
	}

	return rig.Median(times), nil
}
