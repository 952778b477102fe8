package main

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// describeMachine says in words what the figures were taken on.
func describeMachine(ctx context.Context, w workspace) (string, error) {
	cli, err := output(ctx, w, w.cli, "version")
	if err != nil {
		return "", err
	}

	helm, err := output(ctx, w, w.helm, "version", "--template", "{{ .Version }}")
	if err != nil {
		return "", err
	}

	engine, err := output(ctx, w, "docker", "version", "--format", "{{ .Server.Version }}")
	if err != nil {
		return "", err
	}

	return strings.Join([]string{
		fmt.Sprintf("%s, %d cores (%s)", cmp.Or(rig.Processor(), rig.UnknownProcessor), runtime.NumCPU(), runtime.GOARCH), "Go " + strings.TrimPrefix(runtime.Version(), "go"),
		cli, "Helm " + helm, "k3d's library " + moduleVersion("github.com/k3d-io/k3d/v5"), "Docker Engine " + engine,
	}, "; "), nil
}

// output is the first line that a program prints.
func output(ctx context.Context, w workspace, name string, arguments ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, arguments...)
	cmd.Env = w.environment()

	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", name, err)
	}

	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")

	return line, nil
}

// moduleVersion is that of a module in this program.
func moduleVersion(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == path {
				return module.Version
			}
		}
	}

	return "of unknown version"
}

// load is how busy the machine was during the last minute.
func load() string { return cmp.Or(rig.Load(), "unknown") }
