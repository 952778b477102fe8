package provider_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

const handedOver = "hunter2-hunter2"

// secretsCLI has a tracker and a stack around it, with a write-only value that comes from the environment.
func secretsCLI(t *testing.T) *acctest.CLI {
	t.Helper()

	cli := acctest.NewCLI(t, `
variable "key" {
  type      = string
  ephemeral = true
}
variable "key_version" { type = number }
resource "mlstacks_experiment_tracker" "x" {
  name  = "tracker"
  wandb = { api_key_wo = var.key, api_key_wo_version = var.key_version }
}
`+stackX(`local = { path = "./artifacts" }`, "experiment_tracker = mlstacks_experiment_tracker.x"))
	cli.Prepare = func(command *exec.Cmd) { command.Env = append(command.Env, "TF_VAR_key="+handedOver) }

	return cli
}

func run(t *testing.T, cli *acctest.CLI, arguments ...string) string {
	t.Helper()

	output, err := cli.Run(t, arguments...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", arguments, err, output)
	}

	return output
}

func TestSecrets_WriteOnlyValuesAreNowhere(t *testing.T) {
	t.Parallel()

	cli := secretsCLI(t)
	planned := run(t, cli, "plan", "-out=p", "-var=key_version=1")
	shown := run(t, cli, "show", "-json", "p")
	file := unzipped(t, filepath.Join(cli.Dir, "p"))
	applied := run(t, cli, "apply", "p")

	state, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
	must(t, err)

	for where, text := range map[string]string{
		"output of plan": planned, "shown plan": shown, "file of the plan": file, "output of apply": applied, "state": string(state),
		"shown state": run(t, cli, "show", "-json"),
	} {
		if strings.Contains(text, handedOver) {
			t.Errorf("%s: the value is there:\n%s", where, text)
		}
	}

	for where, text := range map[string]string{"shown plan": shown, "file of the plan": file, "state": string(state)} {
		if !strings.Contains(text, "{{tracker.api_key}}") {
			t.Errorf("%s does not refer to the secret: was it read at all?", where)
		}
	}
}

// unzipped is everything that a plan file holds.
func unzipped(t *testing.T, path string) string {
	t.Helper()

	archive, err := zip.OpenReader(path)
	must(t, err)

	defer func() { must(t, archive.Close()) }()

	var all strings.Builder

	for _, entry := range archive.File {
		reader, err := entry.Open()
		must(t, err)

		_, err = io.Copy(&all, io.LimitReader(reader, 1<<24))
		must(t, err)
		must(t, reader.Close())
	}

	return all.String()
}

func TestSecrets_RaisedVersionUpdatesInPlace(t *testing.T) {
	t.Parallel()

	cli := secretsCLI(t)
	run(t, cli, "apply", "-auto-approve", "-var=key_version=1")
	run(t, cli, "plan", "-detailed-exitcode", "-var=key_version=1")
	run(t, cli, "plan", "-out=p", "-var=key_version=2")

	var plan struct {
		Changes []struct {
			Address string `json:"address"`
			Change  struct {
				Actions []string `json:"actions"`
			} `json:"change"`
		} `json:"resource_changes"`
	}

	must(t, json.Unmarshal([]byte(run(t, cli, "show", "-json", "p")), &plan))

	actions := map[string][]string{}
	for _, c := range plan.Changes {
		actions[c.Address] = c.Change.Actions
	}

	for address, want := range map[string][]string{"mlstacks_experiment_tracker.x": {"update"}, "mlstacks_artifact_store.x": {"no-op"}} {
		if !slices.Equal(actions[address], want) {
			t.Errorf("%s: %v, want %v", address, actions[address], want)
		}
	}

	run(t, cli, "apply", "p")
	run(t, cli, "plan", "-detailed-exitcode", "-var=key_version=2")
}

func TestSecrets_PlainTextIsRefusedAtPlan(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ config, attribute, says string }{
		"login in an address": {
			`mlstacks_annotator" "x" {
			  name         = "x"
			  label_studio = { instance_url = "https://ci:${var.secret}@labels.example.com", api_key_secret = "labels.key" }
			}`,
			"label_studio =", "label_studio.instance_url: the address holds a login",
		},
		"token for a user": {
			`mlstacks_log_store" "x" {
			  name = "x"
			  otel = { endpoint = "https://${var.secret}@otel.example.com/v1/logs" }
			}`,
			"otel =", "otel.endpoint: the address holds a login",
		},
		"registry without a scheme": {
			`mlstacks_container_registry" "x" {
			  name    = "x"
			  generic = { uri = "ci:${var.secret}@registry.example.com" }
			}`,
			"generic =", "authentication_secret",
		},
		"header": {
			`mlstacks_log_store" "x" {
			  name = "x"
			  otel = { endpoint = "https://otel.example.com/v1/logs", settings = { headers = { authorization = "Bearer ${var.secret}" } } }
			}`,
			"otel =", "otel.settings.headers.authorization: this looks like a secret",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			// The CLI quotes the line at fault: the value stands in another.
			config := fmt.Sprintf("resource \"%s\nvariable \"secret\" { default = %q }", c.config, handedOver)

			output, err := acctest.NewCLI(t, config).Run(t, "plan")
			if err == nil || !acctest.SaysAll(c.attribute, c.says).MatchString(output) {
				t.Fatalf("the plan went through, or says why wrongly: %v\n%s", err, output)
			}

			if strings.Contains(output, handedOver) {
				t.Errorf("the message repeats the value:\n%s", output)
			}
		})
	}
}

func TestSettings_MayHaveAnOptionOfTheirOwnName(t *testing.T) {
	t.Parallel()

	tracker := "mlstacks_experiment_tracker.x"
	acctest.Run(t, resource.TestStep{
		Config: `
resource "mlstacks_experiment_tracker" "x" {
  name  = "x"
  wandb = { api_key_secret = "wandb.key", settings = { settings = { silent = true } } }
}
resource "mlstacks_experiment_tracker" "y" {
  name  = "y"
  comet = { api_key_secret = "comet.key", settings = { settings = { run_name = "x" } } }
}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(tracker, tfjsonpath.New("zenml").AtMapKey("configuration").AtMapKey("settings"),
				knownvalue.StringExact(`{"silent":true}`)),
		},
	})
}

func TestStack_TellsClientsTheEndpointOfItsStore(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ store, endpoint string }{
		"B2": {
			`b2 = { path = "s3://x", settings = { client_kwargs = { endpoint_url = "https://s3.eu-central-003.backblazeb2.com" } } }`,
			"https://s3.eu-central-003.backblazeb2.com",
		},
		"B2 where ZenML looks for it":      {`b2 = { path = "s3://x" }`, "https://s3.us-west-004.backblazeb2.com"},
		"Spaces by region":                 {`digitalocean = { path = "s3://x", region = "fra1" }`, "https://fra1.digitaloceanspaces.com"},
		"Spaces behind an address of ours": {`digitalocean = { path = "s3://x", region = "fra1", settings = { client_kwargs = { endpoint_url = "https://s3.acme.com" } } }`, "https://s3.acme.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			acctest.Run(t, resource.TestStep{
				Config: stackX(c.store),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("environment").AtMapKey("AWS_ENDPOINT_URL_S3"),
						knownvalue.StringExact(c.endpoint)),
				},
			})
		})
	}
}

// What a component takes whole is as necessary as what it takes one value of.
func TestStack_RequiresTheSecretsThatComponentsTakeWhole(t *testing.T) {
	t.Parallel()
	acctest.Run(t, resource.TestStep{
		Config: localOrchestrator + `
resource "mlstacks_artifact_store" "blob" {
  name       = "blob"
  azure_blob = { path = "az://container", authentication_secret = "azure" }
}
resource "mlstacks_model_deployer" "endpoints" {
  name        = "endpoints"
  huggingface = { namespace = "acme", secret_name = "hub" }
}
resource "mlstacks_alerter" "chat" {
  name  = "chat"
  slack = { slack_token_secret = "slack.token" }
}
resource "mlstacks_stack" "x" {
  name           = "x"
  orchestrator   = mlstacks_orchestrator.local
  artifact_store = mlstacks_artifact_store.blob
  model_deployer = mlstacks_model_deployer.endpoints
  alerter        = mlstacks_alerter.chat
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("required_secrets"), knownvalue.ListExact([]knownvalue.Check{
				knownvalue.StringExact("azure"), knownvalue.StringExact("hub"), knownvalue.StringExact("slack.token"),
			})),
		}},
	})
}
