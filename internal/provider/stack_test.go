package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

func TestStack_RefusesARemoteOrchestratorWithALocalStoreOnTheFirstPlan(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: rented + ghcrImages + stackMain("refused") + `
resource "mlstacks_artifact_store" "main" {
  name  = "artifacts"
  local = { path = "./never-made" }
}`,
		PlanOnly: true,
		// The line, both parties, the way out.
		ExpectError: acctest.SaysAll("orchestrator = mlstacks_orchestrator.main", "skypilot_azure", "local", "azure_blob, b2, digitalocean"),
	})
}

// deferred is a stack in whose plan nobody knows where its registry is. "localhost:5000" is refused.
func deferred(registry string) string {
	return later(`"`+registry+`"`) + rented + azureStore + `
resource "mlstacks_container_registry" "main" {
  name    = "images"
  generic = { uri = terraform_data.later.output }
}
` + stackMain("deferred")
}

func TestStack_DefersWhatIsUnknown(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: deferred("registry.example.com"),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue("mlstacks_stack.main", tfjsonpath.New("zenml_yaml")),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("mlstacks_stack.main", tfjsonpath.New("id"), knownvalue.StringExact("deferred")),
		},
	})
}

func TestStack_RefusesAtApplyWhatWasUnknownAtPlan(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config:      deferred("localhost:5000"),
		ExpectError: acctest.SaysAll("container_registry", "bound to this machine"),
	})
}

func TestStack_WaiverTurnsARuleIntoAFinding(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: rented + azureStore + ghcrImages + `
resource "mlstacks_experiment_tracker" "main" {
  name          = "tracker"
  mlflow_server = { tracking_uri = "http://localhost:5000", tracking_token_secret = "mlflow.token" }
}
` + stackMain("waived", "experiment_tracker = mlstacks_experiment_tracker.main", `waive = ["remote-needs-reachability"]`),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("mlstacks_stack.main", tfjsonpath.New("findings"), knownvalue.ListPartial(map[int]knownvalue.Check{
				0: knownvalue.NotNull(),
			})),
		},
	})
}

const chatty = localOrchestrator + `
resource "mlstacks_artifact_store" "blob" {
  name       = "blob"
  azure_blob = { path = "az://container" }
}

resource "mlstacks_experiment_tracker" "server" {
  name          = "mlflow"
  mlflow_server = { tracking_uri = "https://mlflow.example.com", tracking_token_secret = "mlflow.token", nested = true }
}

resource "mlstacks_alerter" "chat" {
  name  = "chat"
  slack = { slack_token_secret = "slack.token", timeout = 10 }
}

resource "mlstacks_alerter" "ops" {
  name    = "ops"
  discord = { discord_token_secret = "discord.token" }
}

resource "mlstacks_metadata_store" "vault" {
  name   = "elsewhere"
  custom = { flavor = mlstacks_flavor.neo }
}

resource "mlstacks_flavor" "neo" {
  component_type = "metadata_store"
  name           = "neo4j"
}

resource "mlstacks_stack" "x" {
  name                = "chatty"
  orchestrator        = mlstacks_orchestrator.local
  artifact_store      = mlstacks_artifact_store.blob
  experiment_tracker  = mlstacks_experiment_tracker.server
  alerter             = mlstacks_alerter.chat
  additional_alerters = [mlstacks_alerter.ops]
  metadata_store      = mlstacks_metadata_store.vault
}
`

const chattyYAML = `components:
  alerter:
  - configuration:
      slack_token: '{{slack.token}}'
      timeout: 10
    flavor: slack
    name: chat
    type: alerter
  - configuration:
      discord_token: '{{discord.token}}'
    flavor: discord
    name: ops
    type: alerter
  artifact_store:
  - configuration:
      path: az://container
    flavor: azure
    name: blob
    type: artifact_store
  experiment_tracker:
  - configuration:
      enable_unity_catalog: false
      nested: true
      tracking_insecure_tls: false
      tracking_token: '{{mlflow.token}}'
      tracking_uri: https://mlflow.example.com
    flavor: mlflow
    name: mlflow
    type: experiment_tracker
  orchestrator:
  - configuration: {}
    flavor: local
    name: local
    type: orchestrator
stack_name: chatty
zenml_version: 0.98.0
`

const chattyDiagram = `flowchart LR
  subgraph p0["This machine"]
    n0["local<br/>orchestrator: local"]
  end
  subgraph p1["Services elsewhere"]
    n1["blob<br/>artifact store: azure_blob"]
    n2["mlflow<br/>experiment tracker: mlflow_server"]
    n3["chat<br/>alerter: slack"]
    n4["ops<br/>alerter: discord"]
  end
  subgraph p2["Custom flavors"]
    n5["elsewhere<br/>metadata store: custom/neo4j"]
  end
  n0 --> n1
  n0 --> n2
  n0 --> n3
  n0 --> n4
  n0 --> n5
`

func TestStack_ExportsAreKnownAtPlan(t *testing.T) {
	t.Parallel()

	stack := "mlstacks_stack.x"
	acctest.Run(t,
		resource.TestStep{
			Config: chatty,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectKnownValue(stack, tfjsonpath.New("zenml_yaml"), knownvalue.StringExact(chattyYAML)),
				plancheck.ExpectKnownValue(stack, tfjsonpath.New("diagram"), knownvalue.StringExact(chattyDiagram)),
				plancheck.ExpectKnownValue(stack, tfjsonpath.New("environment"), knownvalue.MapPartial(map[string]knownvalue.Check{
					"MLFLOW_TRACKING_URI": knownvalue.StringExact("https://mlflow.example.com"),
				})),
				plancheck.ExpectKnownValue(stack, tfjsonpath.New("required_secrets"), knownvalue.ListExact([]knownvalue.Check{
					knownvalue.StringExact("discord.token"), knownvalue.StringExact("mlflow.token"), knownvalue.StringExact("slack.token"),
				})),
			}},
		},
		resource.TestStep{Config: chatty, ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		}},
		resource.TestStep{
			Config: chatty, ResourceName: stack, ImportState: true, ImportStateId: "chatty",
			ImportStateVerify: true, ImportStateVerifyIgnore: []string{
				"alerter", "additional_alerters", "artifact_store", "experiment_tracker", "metadata_store", "orchestrator", "diagram",
				"environment", "findings", "required_secrets", "zenml_yaml",
			},
		},
	)
}

func TestStack_FlavorSwapUpdatesTheStackInPlace(t *testing.T) {
	t.Parallel()

	acctest.Run(t,
		resource.TestStep{Config: stackX(`azure_blob = { path = "az://container" }`)},
		resource.TestStep{
			Config: stackX(`b2 = { path = "s3://bucket" }`),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("mlstacks_artifact_store.x", plancheck.ResourceActionDestroyBeforeCreate),
				plancheck.ExpectResourceAction("mlstacks_stack.x", plancheck.ResourceActionUpdate),
			}},
		},
	)
}

func TestStack_FlavorMayDependOnTheEnvironment(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: later("true") + stackX(`azure_blob = terraform_data.later.output ? { path = "az://container" } : null
  b2         = terraform_data.later.output ? null : { path = "s3://bucket" }`),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue("mlstacks_artifact_store.x", tfjsonpath.New("flavor")),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("mlstacks_artifact_store.x", tfjsonpath.New("flavor"), knownvalue.StringExact("azure_blob")),
			statecheck.ExpectKnownValue("mlstacks_artifact_store.x", tfjsonpath.New("b2"), knownvalue.Null()),
		},
	})
}
