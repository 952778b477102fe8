package main

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// describeMachine says in words what the figures were taken on.
func describeMachine(ctx context.Context, w workspace) (string, error) {
	cmd := exec.CommandContext(ctx, w.cli, "version")
	cmd.Env = w.environment()

	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask the CLI for its version: %w", err)
	}

	version, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")

	processor := cmp.Or(rig.Processor(), rig.UnknownProcessor)

	return fmt.Sprintf("%s, %d cores (%s/%s); Go %s; %s", processor, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH,
		strings.TrimPrefix(runtime.Version(), "go"), version), nil
}

// load is how busy the machine was during the last minute, 0 where the system does not tell.
func load() float64 {
	average, err := strconv.ParseFloat(rig.Load(), 64)
	if err != nil {
		return 0
	}

	return average
}
