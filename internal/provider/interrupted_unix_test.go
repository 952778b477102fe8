//go:build unix

package provider_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// nobody is a user without rights, for tests that root runs: permissions do not hold root back.
const nobody = 65534

func TestApply_WithoutPermissionLeavesAStateThatConverges(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, `
resource "mlstacks_orchestrator" "x" {
  name  = "x"
  local = {}
}
resource "mlstacks_artifact_store" "x" {
  name  = "x"
  local = { path = "./closed/artifacts" }
}
resource "mlstacks_stack" "x" {
  name           = "x"
  orchestrator   = mlstacks_orchestrator.x
  artifact_store = mlstacks_artifact_store.x
}`)
	closed := filepath.Join(cli.Dir, "closed")
	must(t, os.Mkdir(closed, 0o555))

	if os.Geteuid() == 0 {
		must(t, os.Chown(cli.Dir, nobody, nobody))

		cli.Prepare = func(command *exec.Cmd) {
			command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
	}

	output, err := cli.Run(t, "apply", "-auto-approve")
	if err == nil || !acctest.SaysAll(`Cannot create artifact store "x"`, "permission denied", "right to write").MatchString(output) {
		t.Fatalf("the apply went through, or says why wrongly: %v\n%s", err, output)
	}

	if !strings.Contains(output, `path = "./closed/artifacts"`) {
		t.Errorf("the error stands on another line:\n%s", output)
	}

	state, err := cli.Run(t, "show")
	must(t, err)

	if !strings.Contains(state, "mlstacks_orchestrator.x") || strings.Contains(state, "mlstacks_artifact_store.x") {
		t.Errorf("the state does not hold just what was made:\n%s", state)
	}

	must(t, os.Chmod(closed, 0o755)) //nolint:gosec // an ordinary directory

	if os.Geteuid() == 0 {
		must(t, os.Chown(closed, nobody, nobody))
	}

	converges(t, cli)
}

// converges applies, plans that there is nothing left to do, and destroys.
func converges(t *testing.T, cli *acctest.CLI) {
	t.Helper()

	for _, arguments := range [][]string{
		{"apply", "-auto-approve"}, {"plan", "-detailed-exitcode"}, {"destroy", "-auto-approve"},
	} {
		if output, err := cli.Run(t, arguments...); err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, output)
		}
	}
}

// However an apply ends, the next one finishes the job, and destroy leaves nothing behind.
func TestApply_KilledAnywhereConverges(t *testing.T) {
	t.Parallel()

	var config strings.Builder

	const components = 40
	for i := range components {
		fmt.Fprintf(&config, "resource \"mlstacks_artifact_store\" \"x%d\" {\n  name  = \"x%d\"\n  local = { path = \"./made/%d\" }\n}\n", i, i, i)
	}

	for name, end := range map[string]os.Signal{"interrupted": os.Interrupt, "killed": os.Kill} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			cli := acctest.NewCLI(t, config.String())
			made := filepath.Join(cli.Dir, "made")

			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()

			apply := cli.Command(ctx, "apply", "-auto-approve", "-parallelism=1", "-lock=false")
			apply.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the provider is to be hit too
			must(t, apply.Start())

			for i := 0; count(made) < 3 && i < 5000; i++ {
				time.Sleep(time.Millisecond)
			}

			signal, _ := end.(syscall.Signal)
			must(t, syscall.Kill(-apply.Process.Pid, signal))
			_ = apply.Wait() // it ends as it was told to

			if n := count(made); n == 0 || n == components {
				t.Logf("the signal came too early or too late to tell anything: %d of %d made", n, components)
			}

			converges(t, cli)

			if n := count(made); n != 0 {
				t.Errorf("destroy left %d directories behind", n)
			}
		})
	}
}

func count(dir string) int {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}

	n := 0

	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".mlstacks") {
			n++
		}
	}

	return n
}
