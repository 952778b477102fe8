package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// remoteParts are a store and a registry that any orchestrator reaches, and a value that only apply tells.
const remoteParts = `
resource "mlstacks_artifact_store" "blob" {
  name       = "blob"
  azure_blob = { path = "az://container" }
}

resource "mlstacks_container_registry" "images" {
  name = "images"
  ghcr = { uri = "ghcr.io/acme" }
}
`

// later is a value that only apply tells.
func later(value string) string {
	return "resource \"terraform_data\" \"later\" { input = " + value + " }\n"
}

// awaited is a plan in which the stack waits, an apply, and a plan with nothing left to do.
func awaited(config string) []resource.TestStep {
	return []resource.TestStep{
		{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue("mlstacks_stack.x", tfjsonpath.New("zenml_yaml")),
			plancheck.ExpectUnknownValue("mlstacks_stack.x", tfjsonpath.New("findings")),
		}}},
		{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	}
}

// refusesAtApply plans a configuration, applies it and wants it refused then, without a stack in the state.
func refusesAtApply(t *testing.T, config string, says ...string) {
	t.Helper()

	cli := acctest.NewCLI(t, config)

	if output, err := cli.Run(t, "plan"); err != nil {
		t.Fatalf("nothing is sure to be wrong at plan: %s", output)
	}

	output, err := cli.Run(t, "apply", "-auto-approve")
	if err == nil || !acctest.SaysAll(says...).MatchString(output) {
		t.Errorf("want a refusal that says %q, got %s", says, output)
	}

	if output, err := cli.Run(t, "state", "list"); err != nil || strings.Contains(output, "mlstacks_stack") {
		t.Errorf("a stack that is refused must not be in the state: %v, %s", err, output)
	}
}

const tektonWithConnector = remoteParts + `
resource "mlstacks_flavor" "tekton" {
  component_type = "orchestrator"
  name           = "tekton"
}

resource "mlstacks_orchestrator" "pods" {
  name      = "pods"
  custom    = { flavor = mlstacks_flavor.tekton }
  connector = CONNECTOR
}

resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.pods
  artifact_store     = mlstacks_artifact_store.blob
  container_registry = mlstacks_container_registry.images
}
`

func TestStack_WaitsForAnUnknownConnector(t *testing.T) {
	t.Parallel()

	for name, connector := range map[string]string{
		"type":           `{ type = terraform_data.later.output, name = "c", resource_types = ["kubernetes-cluster"] }`,
		"resource types": `{ type = "kubernetes", name = "c", resource_types = [terraform_data.later.output == "kubernetes" ? "kubernetes-cluster" : "x"] }`,
		"all of it":      `terraform_data.later.output == "kubernetes" ? { type = "kubernetes", name = "c", resource_types = null } : null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, awaited(later(`"kubernetes"`)+strings.ReplaceAll(tektonWithConnector, "CONNECTOR", connector))...)
		})
	}
}

func TestStack_RefusesAConnectorThatTurnsOutToBeNone(t *testing.T) {
	t.Parallel()

	connector := `terraform_data.later.output ? { type = "kubernetes", name = "c", resource_types = null } : null`
	refusesAtApply(t, later("false")+strings.ReplaceAll(tektonWithConnector, "CONNECTOR", connector), "does not know its cluster", "tekton-needs-cluster")
}

const unreachableTracker = remoteParts + `
resource "mlstacks_orchestrator" "rented" {
  name           = "rented"
  skypilot_azure = {}
}

resource "mlstacks_experiment_tracker" "here" {
  name          = "here"
  mlflow_server = { tracking_uri = "http://localhost:5000", tracking_token_secret = "mlflow.token" }
}

resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.rented
  artifact_store     = mlstacks_artifact_store.blob
  container_registry = mlstacks_container_registry.images
  experiment_tracker = mlstacks_experiment_tracker.here
  waive              = WAIVE
}
`

func TestStack_WaitsForUnknownWaivers(t *testing.T) {
	t.Parallel()

	for waive, value := range map[string]string{
		"terraform_data.later.output":                             `tolist(["remote-needs-reachability"])`,
		`[terraform_data.later.output, "plain-http-with-remote"]`: `"remote-needs-reachability"`,
	} {
		t.Run(waive, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, awaited(aws.Identity(t)+later(value)+strings.ReplaceAll(unreachableTracker, "WAIVE", waive))...)
		})
	}
}

func TestStack_RefusesWhatTurnsOutNotToBeWaived(t *testing.T) {
	t.Parallel()
	refusesAtApply(t, later(`tolist(["plain-http-with-remote"])`)+strings.ReplaceAll(unreachableTracker, "WAIVE", "terraform_data.later.output"),
		"localhost", "remote-needs-reachability")
}

// A waiver that comes to be unknown only when the stack is there already must not let it be updated unjudged.
func TestStack_RefusesAnUpdateThatTurnsOutNotToBeWaived(t *testing.T) {
	t.Parallel()

	before := strings.ReplaceAll(unreachableTracker, "WAIVE", `["remote-needs-reachability"]`)
	after := later(`"plain-http-with-remote"`) + strings.ReplaceAll(unreachableTracker, "WAIVE", `[terraform_data.later.output]`)
	acctest.Run(t,
		resource.TestStep{Config: before},
		resource.TestStep{Config: after, ExpectError: acctest.SaysAll("localhost", "remote-needs-reachability")},
	)
}

const sageMakerWithLakeFS = `
resource "mlstacks_flavor" "lakefs" {
  component_type = "artifact_store"
  name           = "lakefs"
  provides       = PROVIDES
}

resource "mlstacks_orchestrator" "jobs" {
  name   = "jobs"
  sagemaker = {
    execution_role_arn = "arn:aws:iam::123456789012:role/jobs"
    client_policy      = false
    artifact_store = {
      name = "bucket", type = "artifact_store", flavor = "s3", outputs = { bucket = "acme-ml", region = "eu-west-1" }
    }
    container_registry = {
      name = "images", type = "container_registry", flavor = "ecr", outputs = { repositories = "ml", region = "eu-west-1", account = "123456789012" }
    }
  }
}

resource "mlstacks_artifact_store" "lake" {
  name   = "lake"
  custom = { flavor = mlstacks_flavor.lakefs }
}

resource "mlstacks_container_registry" "images" {
  name    = "images"
  generic = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com" }
}

resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.jobs
  artifact_store     = mlstacks_artifact_store.lake
  container_registry = mlstacks_container_registry.images
}
`

func TestStack_WaitsForUnknownAbilities(t *testing.T) {
	t.Parallel()

	for provides, value := range map[string]string{
		"terraform_data.later.output":          `tolist(["s3"])`,
		`["gcs", terraform_data.later.output]`: `"s3"`,
	} {
		t.Run(provides, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, awaited(aws.Identity(t)+later(value)+strings.ReplaceAll(sageMakerWithLakeFS, "PROVIDES", provides))...)
		})
	}
}

func TestStack_RefusesAbilitiesThatTurnOutToLack(t *testing.T) {
	t.Parallel()
	refusesAtApply(t, aws.Identity(t)+later(`tolist(["gcs"])`)+strings.ReplaceAll(sageMakerWithLakeFS, "PROVIDES", "terraform_data.later.output"),
		"needs an artifact_store that provides s3", "sagemaker-needs-s3-store")
}

func TestStack_FindingsSayWhatWasFound(t *testing.T) {
	t.Parallel()

	finding := func(rule, slot string, waived bool, message string) knownvalue.Check {
		return knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"rule": knownvalue.StringExact(rule), "severity": knownvalue.StringExact("warning"), "slot": knownvalue.StringExact(slot),
			"waived": knownvalue.Bool(waived), "message": knownvalue.StringRegexp(acctest.Says(message)), "because": knownvalue.NotNull(), "fix": knownvalue.NotNull(),
		})
	}

	acctest.Run(t, resource.TestStep{
		Config: strings.ReplaceAll(unreachableTracker, "WAIVE", `["remote-needs-reachability"]`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("findings"), knownvalue.ListExact([]knownvalue.Check{
				finding("image-builder-defaulted", "image_builder", false, "names no image builder"),
				finding("remote-needs-reachability", "orchestrator", true, `The stack waives the rule "remote-needs-reachability"`),
			})),
		},
	})
}

const repeated = `
resource "mlstacks_orchestrator" "local" {
  name  = "local"
  local = {}
}

resource "mlstacks_artifact_store" "blob" {
  name       = "blob"
  azure_blob = { path = "az://container" }
}

resource "mlstacks_container_registry" "images" {
  name = "images"
  ghcr = { uri = "ghcr.io/acme" }
}

resource "mlstacks_alerter" "x" {
  count = 3
  name  = "alerter-${count.index}"
  slack = { slack_token_secret = "slack.token" }
}

resource "mlstacks_experiment_tracker" "x" {
  count         = 3
  name          = "tracker-${count.index}"
  mlflow_server = { tracking_uri = "https://mlflow-${count.index}.example.com", tracking_token_secret = "mlflow.token" }
}

resource "mlstacks_sandbox" "x" {
  count = 3
  name  = "sandbox-${count.index}"
  local = {}
}

resource "mlstacks_step_operator" "x" {
  count = 3
  name  = "operator-${count.index}"
  modal = {}
}

resource "mlstacks_stack" "x" {
  name                           = "x"
  orchestrator                   = mlstacks_orchestrator.local
  artifact_store                 = mlstacks_artifact_store.blob
  container_registry             = mlstacks_container_registry.images
  alerter                        = mlstacks_alerter.x[0]
  experiment_tracker             = mlstacks_experiment_tracker.x[0]
  sandbox                        = mlstacks_sandbox.x[0]
  step_operator                  = mlstacks_step_operator.x[0]
  additional_alerters            = slice(mlstacks_alerter.x, 1, 3)
  additional_experiment_trackers = slice(mlstacks_experiment_tracker.x, 1, 3)
  additional_sandboxes           = slice(mlstacks_sandbox.x, 1, 3)
  additional_step_operators      = slice(mlstacks_step_operator.x, 1, 3)
}
`

func TestStack_TakesSeveralOfEachRepeatableKind(t *testing.T) {
	t.Parallel()

	inOrder := make([]string, 0, 4*3)
	for _, kind := range []string{"alerter", "tracker", "sandbox", "operator"} {
		inOrder = append(inOrder, "name: "+kind+"-0", "name: "+kind+"-1", "name: "+kind+"-2")
	}

	acctest.Run(t,
		resource.TestStep{
			Config: repeated,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("zenml_yaml"), knownvalue.StringRegexp(acctest.SaysAll(inOrder...))),
				plancheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("environment"), knownvalue.MapPartial(map[string]knownvalue.Check{
					"MLFLOW_TRACKING_URI": knownvalue.StringExact("https://mlflow-0.example.com"), // of the default one
				})),
			}},
		},
		resource.TestStep{Config: repeated, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		resource.TestStep{
			Config:      strings.ReplaceAll(repeated, "slice(mlstacks_alerter.x, 1, 3)", "[mlstacks_alerter.x[1], mlstacks_alerter.x[0]]"),
			ExpectError: acctest.SaysAll("additional_alerters", `both called "alerter-0"`),
		},
	)
}

func TestStack_ImportedByNameIsFilledByTheNextApply(t *testing.T) {
	t.Parallel()

	config := chatty + `
import {
  to = mlstacks_stack.x
  id = "chatty"
}`

	acctest.Run(t,
		resource.TestStep{
			Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("mlstacks_stack.x", plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("zenml_yaml"), knownvalue.StringExact(chattyYAML)),
				statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("id"), knownvalue.StringExact("chatty")),
			},
		},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
	)
}

func TestStack_HoldsToItsTarget(t *testing.T) {
	t.Parallel()

	config := remoteParts + `
resource "mlstacks_orchestrator" "rented" {
  name           = "rented"
  skypilot_azure = {}
}

resource "mlstacks_alerter" "chat" {
  name  = "chat"
  slack = { slack_token_secret = "slack.token" }
}

resource "mlstacks_stack" "x" {
  name               = "x"
  target             = "aws"
  orchestrator       = mlstacks_orchestrator.rented
  artifact_store     = mlstacks_artifact_store.blob
  container_registry = mlstacks_container_registry.images
  alerter            = mlstacks_alerter.chat
  waive              = WAIVE
}
`

	for waive, says := range map[string][]string{
		"null":                      {"offers no alerter on aws", "mlstacks-kind-offered"},
		`["mlstacks-kind-offered"]`: {"(azure_blob) on aws", "Use one of: s3", "mlstacks-flavor-offered"},
		`["mlstacks-kind-offered", "mlstacks-flavor-offered"]`: {"(skypilot_azure) is on azure, and the stack's target is aws", "mlstacks-one-provider"},
	} {
		t.Run(waive, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestStep{
				Config: strings.ReplaceAll(config, "WAIVE", waive), PlanOnly: true, ExpectError: acctest.SaysAll(says...),
			})
		})
	}

	acctest.Run(t, resource.TestStep{
		Config: strings.ReplaceAll(config, "WAIVE", `["mlstacks-kind-offered", "mlstacks-flavor-offered", "mlstacks-one-provider"]`),
	})
}

func TestStack_RefusesAnAlerterThatStepsCannotReach(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: remoteParts + `
resource "mlstacks_flavor" "mattermost" {
  component_type = "alerter"
  name           = "mattermost"
}

resource "mlstacks_orchestrator" "rented" {
  name           = "rented"
  skypilot_azure = {}
}

resource "mlstacks_alerter" "chat" {
  name   = "chat"
  custom = { flavor = mlstacks_flavor.mattermost, config = { url = "http://localhost:8065" } }
}

resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.rented
  artifact_store     = mlstacks_artifact_store.blob
  container_registry = mlstacks_container_registry.images
  alerter            = mlstacks_alerter.chat
}`,
		PlanOnly: true, ExpectError: acctest.SaysAll("localhost", "remote-needs-reachability"),
	})
}

func TestStack_RefusesAComponentThatZenMLLacksInAnotherSlot(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: remoteParts + `
resource "mlstacks_code_repository" "code" {
  name = "code"
  git  = { url = "https://git.example.com/acme/code.git" }
}

resource "mlstacks_stack" "x" {
  name           = "x"
  orchestrator   = mlstacks_code_repository.code
  artifact_store = mlstacks_artifact_store.blob
}`,
		PlanOnly: true, ExpectError: acctest.SaysAll("takes a component of type orchestrator", `"code" is of type code_repository`),
	})
}
