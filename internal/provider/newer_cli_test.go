package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// newer skips a test of what came with Terraform 1.14, where the CLI at hand is older, or another one.
func newer(t *testing.T, output, unknown string) {
	t.Helper()

	if strings.Contains(output, unknown) {
		t.Skip("SKIPPED: this CLI knows of no lists and actions; Terraform 1.14 does")
	}
}

// What a query writes is a configuration: it takes over what was found, and changes nothing of it.
func TestQuery_WritesAConfigurationThatTakesOverWhatWasMade(t *testing.T) {
	t.Parallel()

	place := t.TempDir()
	made := acctest.NewCLI(t, localStore(filepath.Join(place, "artifacts"), ""))
	found := acctest.NewCLI(t, "")

	must(t, os.WriteFile(filepath.Join(found.Dir, "look.tfquery.hcl"), fmt.Appendf(nil, `
list "mlstacks_artifact_store" "here" {
  provider = mlstacks
  config {
    directory = %q
  }
}
`, place), 0o600))

	succeeds(t, made, "apply", "-auto-approve")

	output, err := found.Run(t, "query", "-generate-config-out=found.tf")
	newer(t, output, `no command named "query"`)
	newer(t, output, "Usage: tofu")

	if err != nil || !strings.Contains(output, "x (local, ") {
		t.Fatalf("%v\n%s", err, output)
	}

	output, err = found.Run(t, "apply", "-auto-approve")
	if err != nil || !strings.Contains(output, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Fatalf("%v\n%s", err, output)
	}

	succeeds(t, found, "plan", "-detailed-exitcode")
	succeeds(t, found, "destroy", "-auto-approve")
}

func TestAction_ChecksAStackWhenTheCLIIsAskedTo(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, localStore(filepath.Join(t.TempDir(), "artifacts"), "")+`
resource "mlstacks_orchestrator" "x" {
  name  = "x"
  local = {}
}
resource "mlstacks_stack" "x" {
  name           = "laptop"
  orchestrator   = mlstacks_orchestrator.x
  artifact_store = `+store+`
}
action "mlstacks_check_stack" "x" {
  config {
    stack = mlstacks_stack.x
  }
}
`)

	output, err := cli.Run(t, "apply", "-auto-approve")
	newer(t, output, `Blocks of type "action" are not expected here`)

	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	output, err = cli.Run(t, "apply", "-auto-approve", "-invoke=action.mlstacks_check_stack.x")
	if err != nil || !strings.Contains(output, `Stack "laptop": 2 components, 0 findings`) {
		t.Errorf("%v\n%s", err, output)
	}

	succeeds(t, cli, "destroy", "-auto-approve")
}
