package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

const policed = `
variable "path" { type = string }

variable "elsewhere" {
  type    = bool
  default = false
}

resource "mlstacks_orchestrator" "main" {
  name           = "runs"
  local          = var.elsewhere ? null : {}
  skypilot_azure = var.elsewhere ? {} : null
}

resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = var.path }
}

resource "mlstacks_container_registry" "main" {
  name = "images"
  ghcr = { uri = "ghcr.io/acme" }
}

locals {
  findings = provider::mlstacks::check_stack([mlstacks_orchestrator.main, mlstacks_artifact_store.main, mlstacks_container_registry.main])
}

check "policy" {
  assert {
    condition     = alltrue([for f in local.findings : f.severity != "error"])
    error_message = "A stack of these cannot work: ${join(", ", [for f in local.findings : f.rule if f.severity == "error"])}"
  }
}

output "stores" { value = provider::mlstacks::compatible_flavors("artifact_store", [mlstacks_orchestrator.main]) }

output "cloud" { value = provider::mlstacks::parse_artifact_uri(mlstacks_artifact_store.main.uri).cloud }

output "errors" { value = [for f in local.findings : f.rule if f.severity == "error"] }
`

// A check block says what would not work, and stops nothing.
func TestFunctions_InACheckBlockWarnOfAStackThatCannotWork(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, policed)
	path := "-var=path=" + filepath.Join(cli.Dir, "artifacts")

	output, err := cli.Run(t, "plan", path)
	if err != nil || strings.Contains(output, "Check block assertion failed") {
		t.Fatalf("a stack that works is not warned of: %v\n%s", err, output)
	}

	output, err = cli.Run(t, "plan", path, "-var=elsewhere=true")
	if err != nil || !acctest.SaysAll("Warning: Check block assertion failed", "A stack of these cannot work: skypilot-needs-remote-parts").MatchString(output) {
		t.Fatalf("want a plan with a warning, got %v\n%s", err, output)
	}
}

const tests = `
variables { path = "./artifacts" }

run "works_here" {
  command = plan

  assert {
    condition     = length(output.errors) == 0
    error_message = "want no errors, got ${join(", ", output.errors)}"
  }
}

run "does_not_work_elsewhere" {
  command = plan

  variables { elsewhere = true }

  expect_failures = [check.policy]
}

run "says_what_would_fit" {
  command = plan

  variables { elsewhere = true }

  assert {
    condition     = !contains(output.stores, mlstacks_artifact_store.main.flavor) && output.cloud == "local"
    error_message = "a store on this machine fits, or is not there: ${join(", ", output.stores)}"
  }

  expect_failures = [check.policy]
}
`

// The same in the CLI's own tests, without any resource for the stack.
func TestFunctions_InTestsOfTheCLIItself(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, policed)
	must(t, os.WriteFile(filepath.Join(cli.Dir, "policy.tftest.hcl"), []byte(tests), 0o600))

	// Tests want an initialized directory, even where every provider is overridden.
	if output, err := cli.Run(t, "init"); err != nil && !strings.Contains(output, "development overrides") {
		t.Fatalf("init: %v\n%s", err, output)
	}

	output, err := cli.Run(t, "test")
	if err != nil || !acctest.Says("3 passed, 0 failed").MatchString(output) {
		t.Fatalf("%v\n%s", err, output)
	}

	must(t, os.WriteFile(filepath.Join(cli.Dir, "policy.tftest.hcl"), []byte(strings.Replace(tests, `command = plan`, "command = plan\n  variables { elsewhere = true }", 1)), 0o600))

	if output, err = cli.Run(t, "test"); err == nil || !acctest.SaysAll("A stack of these cannot work: skypilot-needs-remote-parts", "1 failed").MatchString(output) {
		t.Fatalf("want a test that fails, got %v\n%s", err, output)
	}
}

// Called in an assertion itself, they bring OpenTofu 1.12 down, as functions of any provider do; the guide on OpenTofu
// says so.
func TestFunctions_InAnAssertionItself(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, policed)
	if version, _ := cli.Run(t, "version"); strings.HasPrefix(version, "OpenTofu") {
		t.Skip("SKIPPED: OpenTofu 1.12 crashes on a provider's function in an assertion; the guide on OpenTofu says what to write instead")
	}

	direct := `
run "direct" {
  command = plan
  variables { path = "./artifacts" }

  assert {
    condition     = length(provider::mlstacks::check_stack([mlstacks_orchestrator.main])) > 0
    error_message = "an orchestrator is no stack"
  }
}
`
	must(t, os.WriteFile(filepath.Join(cli.Dir, "direct.tftest.hcl"), []byte(direct), 0o600))

	if output, err := cli.Run(t, "init"); err != nil && !strings.Contains(output, "development overrides") {
		t.Fatalf("init: %v\n%s", err, output)
	}

	if output, err := cli.Run(t, "test"); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}
