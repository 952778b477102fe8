package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/bench/rig"
)

// describeMachine says in words what the figures were taken on.
func describeMachine(ctx context.Context, cli string) (string, error) {
	version, err := cliVersion(ctx, cli)
	if err != nil {
		return "", err
	}

	parts := []string{fmt.Sprintf("%s, %d cores", processor(ctx), runtime.NumCPU())}
	if memory := memoryInstalled(ctx); memory > 0 {
		parts = append(parts, fmt.Sprintf("%.0f GiB of memory", float64(memory)/(1<<30)))
	}

	parts = append(parts, system()+" ("+runtime.GOARCH+")", "Go "+strings.TrimPrefix(runtime.Version(), "go"), version)

	return strings.Join(parts, "; "), nil
}

// cliVersion is the name and version of the CLI.
func cliVersion(ctx context.Context, cli string) (string, error) {
	cmd := exec.CommandContext(ctx, cli, "version", "-json")
	cmd.Env = workspace{directory: os.TempDir()}.environment()

	output, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask the CLI for its version: %w", err)
	}

	var version struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(output, &version); err != nil {
		return "", fmt.Errorf("read the CLI's version: %w", err)
	}

	cmd = exec.CommandContext(ctx, cli, "version")
	cmd.Env = workspace{directory: os.TempDir()}.environment()

	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("ask the CLI for its name: %w", err)
	}

	name, _, _ := strings.Cut(strings.TrimSpace(string(text)), " ")

	return name + " " + version.Version, nil
}

func processor(ctx context.Context) string {
	if model := rig.Processor(); model != "" {
		return model
	}

	if model := told(ctx, "sysctl", "-n", "machdep.cpu.brand_string"); model != "" {
		return model
	}

	return rig.UnknownProcessor
}

// memoryInstalled is the machine's memory in bytes, 0 where it does not tell.
func memoryInstalled(ctx context.Context) int64 {
	if text, ok := strings.CutSuffix(rig.LineOf("/proc/meminfo", "MemTotal", ":"), " kB"); ok {
		kibibytes, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			return kibibytes * 1024
		}
	}

	bytes, err := strconv.ParseInt(told(ctx, "sysctl", "-n", "hw.memsize"), 10, 64)
	if err != nil {
		return 0
	}

	return bytes
}

func system() string {
	if name := strings.Trim(rig.LineOf("/etc/os-release", "PRETTY_NAME", "="), `"`); name != "" {
		return name
	}

	return runtime.GOOS
}

// told is what a program prints, empty when there is none.
func told(ctx context.Context, name string, arguments ...string) string {
	output, err := exec.CommandContext(ctx, name, arguments...).Output()
	if err != nil {
		return ""
	}

	return strings.TrimSpace(string(output))
}
