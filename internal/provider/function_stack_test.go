package provider_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// prodSlots are what is said of the stack, and of the object that stands for it.
const prodSlots = `
  name                = "prod"
  orchestrator        = mlstacks_orchestrator.main
  artifact_store      = mlstacks_artifact_store.main
  container_registry  = mlstacks_container_registry.main
  alerter             = mlstacks_alerter.many[0]
  additional_alerters = [mlstacks_alerter.many[1]]
  waive               = ["image-builder-defaulted"]
`

// stackAndFunctions is a stack with warnings and a waived rule, and the functions beside it: what they say has to be what
// the stack says.
const stackAndFunctions = rented + ghcrImages + `
resource "mlstacks_artifact_store" "main" {
  name       = "artifacts"
  azure_blob = { path = "az://artifacts", account_name_wo = "acme", account_name_wo_version = 1 }
}

resource "mlstacks_alerter" "many" {
  count = 2
  name  = "alerter-${count.index}"
  slack = { slack_channel_id = "C${count.index}", slack_token_secret = "slack.token" }
}

resource "mlstacks_stack" "main" {` + prodSlots + `}

locals {
  list = concat(
    [mlstacks_container_registry.main, mlstacks_artifact_store.main, mlstacks_orchestrator.main, null],
    mlstacks_alerter.many,
  )
  object = {` + prodSlots + `}
}

# A component that takes secrets makes what is computed of it sensitive, though no secret is ever in it.
locals {
  checks = {
    yaml_of_list     = provider::mlstacks::zenml_yaml(local.list, "prod") == mlstacks_stack.main.zenml_yaml
    yaml_of_object   = provider::mlstacks::zenml_yaml(local.object) == mlstacks_stack.main.zenml_yaml
    yaml_of_stack    = provider::mlstacks::zenml_yaml(mlstacks_stack.main) == mlstacks_stack.main.zenml_yaml
    found_in_object  = provider::mlstacks::check_stack(local.object) == mlstacks_stack.main.findings
    found_in_stack   = provider::mlstacks::check_stack(mlstacks_stack.main) == mlstacks_stack.main.findings
    something_found  = length(provider::mlstacks::check_stack(local.list)) > 0
    nothing_waived   = !anytrue(provider::mlstacks::check_stack(local.list)[*].waived)
    own_keys         = provider::mlstacks::check_stack({ a = mlstacks_alerter.many[0], o = mlstacks_orchestrator.main }) == provider::mlstacks::check_stack([mlstacks_orchestrator.main, mlstacks_alerter.many[0]])
  }
}

output "checks" {
  value = { for name, holds in local.checks : name => nonsensitive(holds) }
}

output "open" {
  value = nonsensitive(length(provider::mlstacks::check_stack([mlstacks_orchestrator.main]))) > 0 # nothing sensitive to begin with
}
`

func every(names ...string) knownvalue.Check {
	all := map[string]knownvalue.Check{}
	for _, name := range names {
		all[name] = knownvalue.Bool(true)
	}

	return knownvalue.ObjectExact(all)
}

// The functions and mlstacks_stack say the same byte for byte, on the first plan already: the parts of a component are known
// before it exists.
func TestFunctions_SayWhatTheStackSaysOnTheFirstPlan(t *testing.T) {
	t.Parallel()

	all := every("yaml_of_list", "yaml_of_object", "yaml_of_stack", "found_in_object", "found_in_stack", "something_found", "nothing_waived", "own_keys")

	acctest.Run(t, resource.TestStep{
		Config: stackAndFunctions,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectKnownOutputValue("checks", all),
		}},
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("checks", all)},
	})
}

// Unknown arguments make unknown results, and no error: neither in validate nor in the plan.
func TestFunctions_WaitForWhatIsUnknown(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: later(`"artifacts"`) + `
resource "mlstacks_orchestrator" "main" {
  name  = "laptop"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name       = "artifacts"
  azure_blob = { path = "az://${terraform_data.later.output}" }
}

locals {
  parts = [mlstacks_orchestrator.main, mlstacks_artifact_store.main]
}

output "parsed" { value = provider::mlstacks::parse_artifact_uri(mlstacks_artifact_store.main.uri) }
output "none" { value = provider::mlstacks::parse_artifact_uri(mlstacks_orchestrator.main.uri) == null }
output "name" { value = provider::mlstacks::normalize_name("${terraform_data.later.output} A", "s3") }
output "found" { value = provider::mlstacks::check_stack(local.parts)[*].rule }
output "flavors" { value = contains(provider::mlstacks::compatible_flavors("alerter", local.parts), "slack") }
output "yaml" { value = strcontains(provider::mlstacks::zenml_yaml(local.parts, terraform_data.later.output), "az://artifacts") }
output "known" { value = provider::mlstacks::check_stack([mlstacks_orchestrator.main])[0].rule }
`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownOutputValue("parsed"), plancheck.ExpectUnknownOutputValue("name"), plancheck.ExpectUnknownOutputValue("found"),
			plancheck.ExpectUnknownOutputValue("flavors"), plancheck.ExpectUnknownOutputValue("yaml"),
			plancheck.ExpectKnownOutputValue("known", knownvalue.StringExact("stack-needs-core")),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("parsed", knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"bucket": knownvalue.StringExact("artifacts"), "cloud": knownvalue.StringExact("azure"), "path": knownvalue.Null(),
			})),
			statecheck.ExpectKnownOutputValue("none", knownvalue.Bool(true)),
			statecheck.ExpectKnownOutputValue("name", knownvalue.StringExact("artifacts-a")),
			statecheck.ExpectKnownOutputValue("flavors", knownvalue.Bool(true)),
			statecheck.ExpectKnownOutputValue("yaml", knownvalue.Bool(true)),
		},
	})
}

func TestFunctions_RefuseWhatTheyDoNotTakeAndSayWhatToGive(t *testing.T) {
	t.Parallel()

	for call, says := range map[string]string{
		`parse_artifact_uri("S3://bucket")`:               `Did you mean "s3://"?`,
		`normalize_name("a", "k8s")`:                      "Give one of: ecr, gcs, kubernetes, s3.",
		`normalize_name(null, "s3")`:                      "must not be null",
		`check_stack(null)`:                               "must not be null",
		`check_stack("orchestrator")`:                     "Give whole components",
		`check_stack({ orchestratr = null, name = "a" })`: `Did you mean "orchestrator"?`,
		`compatible_flavors("artifact_stor", [])`:         `Did you mean "artifact_store"?`,
		`zenml_yaml([])`:                                  "the stack has no name",
		`zenml_yaml([], "a")`:                             "the stack cannot work",
		`zenml_yaml([], "a", "b")`:                        "there are 2 names",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()

			acctest.Run(t, resource.TestStep{
				Config: `output "it" { value = provider::mlstacks::` + call + ` }`, PlanOnly: true,
				ExpectError: regexp.MustCompile(`(?i)` + acctest.Says(says).String()),
			})
		})
	}
}

// The outputs of an example are what the comments behind them say.
func TestFunctions_ExamplesAnswerWhatTheySay(t *testing.T) {
	t.Parallel()

	commented := regexp.MustCompile(`output "(\w+)" \{\n  value = .* # (.+)\n`)

	for name, told := range map[string]int{"parse_artifact_uri": 2, "normalize_name": 3, "check_stack": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			config := configuration(t, filepath.Join(examples, "functions", name, "function.tf"))

			var checks []statecheck.StateCheck

			for _, match := range commented.FindAllStringSubmatch(config, -1) {
				want := knownvalue.StringExact(match[2])

				if rule, ok := strings.CutPrefix(match[2], `["`); ok {
					checks = append(checks, statecheck.ExpectKnownOutputValue(match[1],
						knownvalue.TupleExact([]knownvalue.Check{knownvalue.StringExact(strings.TrimSuffix(rule, `"]`))})))
				} else {
					checks = append(checks, statecheck.ExpectKnownOutputValue(match[1], want))
				}
			}

			if len(checks) != told {
				t.Fatalf("%d outputs say what they are, want %d", len(checks), told)
			}

			acctest.Run(t, resource.TestStep{Config: config, ConfigStateChecks: checks})
		})
	}
}

func TestFunctions_ExamplesOfFlavorsAndYAMLAnswerWhatTheySay(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: configuration(t, filepath.Join(examples, "functions", "compatible_flavors", "function.tf")),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("stores", knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.StringExact("s3")})),
		},
	})

	written := knownvalue.StringRegexp(regexp.MustCompile(`(?s)^components:.*flavor: local.*name: artifacts.*name: laptop.*stack_name: laptop\nzenml_version: `))

	acctest.Run(t, resource.TestStep{
		Config: configuration(t, filepath.Join(examples, "functions", "zenml_yaml", "function.tf")),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("stack", written), statecheck.ExpectKnownOutputValue("same", written),
		},
	})
}
