// Package rig is what the benchmarks have in common: the CLI and the provider, how they are run, and what the machine tells
// of itself.
package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// FindCLI finds Terraform or OpenTofu: the one that TF_ACC_TERRAFORM_PATH names, else terraform or tofu on PATH.
func FindCLI() (string, error) {
	found, err := Program(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu")
	if err != nil {
		return "", errors.New("no terraform or tofu on PATH; TF_ACC_TERRAFORM_PATH may name one")
	}

	return found, nil
}

// Program is the first of some programs that is there; empty names are passed over.
func Program(names ...string) (string, error) {
	for _, name := range names {
		if name == "" {
			continue
		}

		if found, err := exec.LookPath(name); err == nil {
			return filepath.Abs(found)
		}
	}

	return "", fmt.Errorf("find a program: there is none of %s", strings.TrimSpace(strings.Join(names, " ")))
}

// WriteSettings writes settings that make the CLI take providers from where binaries are, by their sources, such as
// mlstacks/mlstacks. Nothing needs to be initialized then.
func WriteSettings(file string, binaries map[string]string) error {
	var overrides strings.Builder

	for source, binary := range binaries {
		fmt.Fprintf(&overrides, "    %q = %q\n", source, filepath.Dir(binary))
	}

	text := "provider_installation {\n  dev_overrides {\n" + overrides.String() + "  }\n  direct {}\n}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write settings of the CLI: %w", err)
	}

	return nil
}

// WriteModule writes the files of a module, by their names, into a directory that is there.
func WriteModule(directory string, files map[string]string) error {
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(directory, file), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write module: %w", err)
		}
	}

	return nil
}

// Environment is ours without what would change what the CLI does, or begins as one of without, such as "AWS_". Temporary files
// are made in directory.
func Environment(directory string, without ...string) []string {
	without = append(without, "TF_", "TMPDIR=")

	kept := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return slices.ContainsFunc(without, func(beginning string) bool { return strings.HasPrefix(entry, beginning) })
	})

	return append(kept, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TMPDIR="+directory)
}

// Gently has a program interrupted when its context ends, and killed when it has not ended after some patience. Interrupted once,
// the CLI finishes what it is at and takes its providers along; with what a terminal sends to all it would be twice.
func Gently(cmd *exec.Cmd, patience time.Duration) {
	cmd.SysProcAttr = apart()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
}
