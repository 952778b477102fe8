package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

const store = "mlstacks_artifact_store.x"

func localStore(path, more string) string {
	return fmt.Sprintf(`
resource "mlstacks_artifact_store" "x" {
  name  = "x"
  local = { path = %q%s }
}`, path, more)
}

func TestComponent_TellsItsFactsOnTheFirstPlan(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t, resource.TestStep{
		Config: localStore(path, ""),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectKnownValue(store, tfjsonpath.New("type"), knownvalue.StringExact("artifact_store")),
			plancheck.ExpectKnownValue(store, tfjsonpath.New("flavor"), knownvalue.StringExact("local")),
			plancheck.ExpectKnownValue(store, tfjsonpath.New("uri"), knownvalue.StringExact(path)),
			plancheck.ExpectKnownValue(store, tfjsonpath.New("zenml").AtMapKey("configuration").AtMapKey("path"), knownvalue.StringExact(path)),
			plancheck.ExpectUnknownValue(store, tfjsonpath.New("id")),
		}},
	})
}

// A value that is required, or written as a key of settings, cannot make its key vanish.
func TestComponent_UnknownElementOfTheConfigurationLeavesTheOthersKnown(t *testing.T) {
	t.Parallel()

	configuration := tfjsonpath.New("zenml").AtMapKey("configuration")
	acctest.Run(t, resource.TestStep{
		Config: `
resource "terraform_data" "later" { input = "https://mlflow.example.com" }
resource "mlstacks_experiment_tracker" "x" {
  name          = "x"
  mlflow_server = { tracking_uri = terraform_data.later.output, tracking_token_secret = "mlflow.token", settings = { tags = { a = terraform_data.later.output } } }
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue("mlstacks_experiment_tracker.x", configuration.AtMapKey("tracking_uri")),
			plancheck.ExpectUnknownValue("mlstacks_experiment_tracker.x", configuration.AtMapKey("tags")),
			plancheck.ExpectKnownValue("mlstacks_experiment_tracker.x", configuration.AtMapKey("nested"), knownvalue.StringExact("false")),
		}},
	})
}

func TestComponent_UnknownThatTurnsOutToBeNullIsNoInconsistency(t *testing.T) {
	t.Parallel()

	config := `
resource "terraform_data" "later" { input = "x" }
resource "mlstacks_experiment_tracker" "x" {
  name   = "x"
  labels = { team = terraform_data.later.output == "x" ? null : "ml" }
  wandb  = { api_key_secret = "wandb.key", entity = terraform_data.later.output == "x" ? null : "acme", settings = { job_type = terraform_data.later.output == "x" ? null : "train" } }
}
resource "mlstacks_orchestrator" "local" {
  name  = "local"
  local = {}
}
resource "mlstacks_artifact_store" "x" {
  name       = "blob"
  azure_blob = { path = "az://container" }
}
resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.local
  artifact_store     = mlstacks_artifact_store.x
  experiment_tracker = mlstacks_experiment_tracker.x
}`

	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		}},
	)
}

func TestComponent_SecondPlanSaysNoChanges(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t,
		resource.TestStep{Config: localStore(path, "")},
		resource.TestStep{Config: localStore(path, ""), ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		}},
	)
}

func TestComponent_FlavorSwapReplaces(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t,
		resource.TestStep{Config: localStore(path, "")},
		resource.TestStep{
			Config: `
resource "mlstacks_artifact_store" "x" {
  name       = "x"
  azure_blob = { path = "az://container" }
}`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(store, plancheck.ResourceActionDestroyBeforeCreate),
			}},
			Check: func(*terraform.State) error { return gone(path) },
		},
	)
}

func gone(path string) error {
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		return fmt.Errorf("%s is still there: %w", path, err)
	}

	return nil
}

func TestComponent_DefaultLabelsStandUnderItsOwn(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: `
provider "mlstacks" { default_labels = { team = "ml", stage = "dev" } }
resource "mlstacks_orchestrator" "x" {
  name   = "x"
  labels = { stage = "prod" }
  local  = {}
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("mlstacks_orchestrator.x", tfjsonpath.New("labels_all"), knownvalue.MapExact(map[string]knownvalue.Check{
				"team": knownvalue.StringExact("ml"), "stage": knownvalue.StringExact("prod"),
			})),
		},
	})
}

func TestComponent_ImportFindsWhatIsThere(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t,
		resource.TestStep{Config: localStore(path, "")},
		resource.TestStep{
			Config: localStore(path, ""), ResourceName: store, ImportState: true, ImportStateId: "local/" + path,
			ImportStateVerify: true, ImportStateVerifyIgnore: []string{"local.force_destroy", "timeouts"},
		},
	)
}

func TestComponent_ImportedRecordTakesItsNameFromTheIdentifier(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: `
import {
  to = mlstacks_artifact_store.x
  id = "azure_blob/blob"
}
resource "mlstacks_artifact_store" "x" {
  name       = "blob"
  azure_blob = { path = "az://container" }
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(store, plancheck.ResourceActionUpdate),
		}},
	})
}

func TestComponent_DirectoryThatIsGoneIsMadeAgain(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t,
		resource.TestStep{Config: localStore(path, "")},
		resource.TestStep{
			PreConfig: func() { must(t, os.RemoveAll(path)) },
			Config:    localStore(path, ""),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(store, plancheck.ResourceActionCreate),
			}},
		},
	)
}

func TestComponent_DirectoryOfSomebodyElseIsRefusedAtPlan(t *testing.T) {
	t.Parallel()

	path := t.TempDir()
	must(t, os.WriteFile(filepath.Join(path, "thesis.tex"), []byte("mine"), 0o600))
	acctest.Run(t, resource.TestStep{
		Config: localStore(path, ""), PlanOnly: true,
		ExpectError: acctest.Says("exists and is not ours"),
	})
}

func TestComponent_RecordsADirectoryThatSomebodyElseMade(t *testing.T) {
	t.Parallel()

	path := t.TempDir()
	file := filepath.Join(path, "thesis.tex")
	must(t, os.WriteFile(file, []byte("mine"), 0o600))

	config := fmt.Sprintf(`
resource "mlstacks_artifact_store" "x" {
  name    = "x"
  managed = false
  local   = { path = %q, force_destroy = true }
}`, path)

	acctest.Run(t,
		resource.TestStep{Config: config},
		resource.TestStep{Config: config, Destroy: true},
		resource.TestStep{
			Config: `resource "terraform_data" "x" {}`,
			Check: func(*terraform.State) error {
				_, err := os.Stat(file)

				return err
			},
		},
	)
}

func TestComponent_RecordingWhatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`
resource "mlstacks_artifact_store" "x" {
  name    = "x"
  managed = false
  local   = { path = %q }
}`, filepath.Join(t.TempDir(), "nothing")),
		ExpectError: acctest.Says("does not exist"),
	})
}

func TestComponent_ArtifactsAreDeletedOnlyWithConsent(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t,
		resource.TestStep{Config: localStore(path, "")},
		resource.TestStep{
			PreConfig:   func() { must(t, os.WriteFile(filepath.Join(path, "model.pkl"), []byte("weights"), 0o600)) },
			Config:      localStore(path, ""),
			Destroy:     true,
			ExpectError: acctest.Says("set force_destroy = true"),
		},
		resource.TestStep{Config: localStore(path, ", force_destroy = true"), Check: func(*terraform.State) error {
			_, err := os.Stat(filepath.Join(path, "model.pkl"))

			return err
		}},
		resource.TestStep{Config: localStore(path, ", force_destroy = true"), Destroy: true},
		resource.TestStep{Config: `resource "terraform_data" "x" {}`, Check: func(*terraform.State) error { return gone(path) }},
	)
}

func TestComponent_MovedCheckoutIsTheSamePlace(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	acctest.Run(t,
		resource.TestStep{Config: localStore(path, "")},
		resource.TestStep{Config: localStore(filepath.Dir(path)+"/./artifacts", ""), ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(store, plancheck.ResourceActionUpdate)},
		}},
	)
}

func TestComponent_NoSecretIsInTheState(t *testing.T) {
	t.Parallel()

	const secret = "hunter2-hunter2"

	acctest.Run(t, resource.TestStep{
		Config: `
variable "key" {
  type      = string
  ephemeral = true
  default   = "` + secret + `"
}
resource "mlstacks_experiment_tracker" "x" {
  name  = "tracker"
  wandb = { api_key_wo = var.key, api_key_wo_version = 1 }
}
resource "mlstacks_orchestrator" "local" {
  name  = "local"
  local = {}
}
` + localStore(filepath.Join(t.TempDir(), "a"), "") + `
resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.local
  artifact_store     = mlstacks_artifact_store.x
  experiment_tracker = mlstacks_experiment_tracker.x
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("mlstacks_experiment_tracker.x", tfjsonpath.New("zenml").AtMapKey("configuration").AtMapKey("api_key"),
				knownvalue.StringExact("{{tracker.api_key}}")),
			statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("required_secrets"),
				knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("tracker.api_key")})),
		},
		Check: func(state *terraform.State) error {
			text, err := json.Marshal(state)
			if err == nil && strings.Contains(string(text), secret) {
				return fmt.Errorf("the state holds the secret: %s", text)
			}

			return err
		},
	})
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}

func TestComponent_ChangedDefaultLabelsAreAnUpdate(t *testing.T) {
	t.Parallel()

	config := func(label string) string {
		return `
resource "terraform_data" "later" { input = "c" }
provider "mlstacks" { default_labels = { team = ` + label + `, absent = null } }
resource "mlstacks_orchestrator" "x" {
  name  = "x"
  local = {}
}`
	}
	labeled := func(team string) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectKnownValue("mlstacks_orchestrator.x", tfjsonpath.New("labels_all"),
			knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact(team)}))}
	}
	updated := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("mlstacks_orchestrator.x", plancheck.ResourceActionUpdate),
	}}

	acctest.Run(t,
		resource.TestStep{Config: config(`"a"`), ConfigStateChecks: labeled("a")},
		resource.TestStep{Config: config(`"b"`), ConfigPlanChecks: updated, ConfigStateChecks: labeled("b")},
		resource.TestStep{Config: config(`terraform_data.later.output`), ConfigStateChecks: labeled("c")},
		resource.TestStep{
			Config: strings.Replace(config(`terraform_data.later.output`), `input = "c"`, `input = "d"`, 1), ConfigStateChecks: labeled("d"),
		},
	)
}

func TestComponent_FlavorThatIsUnknownOnUpdateReplaces(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "artifacts")
	config := func(input, name string) string {
		return fmt.Sprintf(`
resource "terraform_data" "later" { input = %q }
resource "mlstacks_artifact_store" "x" {
  name       = %q
  local      = terraform_data.later.output == "b" ? null : { path = %q }
  azure_blob = terraform_data.later.output == "b" ? { path = "az://container" } : null
}`, input, name, path)
	}

	acctest.Run(t,
		resource.TestStep{Config: config("a", "x")},
		resource.TestStep{Config: config("b", "x"), Check: func(*terraform.State) error { return gone(path) }},
		resource.TestStep{Config: config("a", "y")},
	)
}
