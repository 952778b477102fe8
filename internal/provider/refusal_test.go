package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// parts are components that fit together; a case adds what is wrong.
const parts = `
resource "mlstacks_orchestrator" "local" {
  name  = "local"
  local = {}
}

resource "mlstacks_artifact_store" "blob" {
  name       = "blob"
  azure_blob = { path = "az://container/zenml" }
}
`

func TestPlan_RefusesBadInput(t *testing.T) {
	t.Parallel()

	cases := map[string]struct {
		config string
		says   *regexp.Regexp
	}{
		"no flavor": {
			`resource "mlstacks_artifact_store" "x" { name = "x" }`,
			acctest.Says("No flavor set"),
		},
		"two flavors": {
			`resource "mlstacks_artifact_store" "x" {
			  name       = "x"
			  local      = { path = "./x" }
			  azure_blob = { path = "az://x" }
			}`,
			acctest.Says(`"local" and "azure_blob" are both set`),
		},
		"wrong slot": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_artifact_store.blob
			  artifact_store = mlstacks_artifact_store.blob
			}`,
			acctest.SaysAll("orchestrator = mlstacks_artifact_store.blob", `takes a component of type orchestrator; "blob" is of type artifact_store`),
		},
		"not a component": {
			parts + `resource "terraform_data" "x" {}
			resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_orchestrator.local
			  artifact_store = terraform_data.x
			}`,
			acctest.Says(`attributes "flavor", "name", and "type" are required`),
		},
		"missing orchestrator": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "x"
			  artifact_store = mlstacks_artifact_store.blob
			}`,
			acctest.Says("orchestrator"),
		},
		"missing artifact store": {
			parts + `resource "mlstacks_stack" "x" {
			  name         = "x"
			  orchestrator = mlstacks_orchestrator.local
			}`,
			acctest.Says("artifact store"),
		},
		"wrong scheme": {
			`resource "mlstacks_artifact_store" "x" {
			  name = "x"
			  b2   = { path = "gs://bucket" }
			}`,
			regexp.MustCompile(`(?s)gs://bucket.*s3://`),
		},
		"path on an ECR registry": {
			`resource "mlstacks_flavor" "ecr" {
			  component_type = "container_registry"
			  name           = "aws"
			  provides       = ["ecr"]
			}
			resource "mlstacks_container_registry" "x" {
			  name   = "x"
			  custom = {
			    flavor = mlstacks_flavor.ecr
			    config = { uri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team" }
			  }
			}`,
			acctest.Says("amazonaws.com/team"),
		},
		"flavor of no mlstacks_flavor": {
			`resource "mlstacks_artifact_store" "x" {
			  name   = "x"
			  custom = { flavor = "lakefs" }
			}`,
			acctest.Says(`attribute "flavor": object required`),
		},
		"flavor of another kind": {
			`resource "mlstacks_flavor" "x" {
			  component_type = "orchestrator"
			  name           = "dagster"
			}
			resource "mlstacks_artifact_store" "x" {
			  name   = "x"
			  custom = { flavor = mlstacks_flavor.x }
			}`,
			acctest.Says(`Flavor "dagster" is for orchestrator, and this is artifact_store`),
		},
		"flavor that shadows a built-in one": {
			`resource "mlstacks_flavor" "x" {
			  component_type = "artifact_store"
			  name           = "azure"
			}`,
			acctest.Says(`has a built-in flavor "azure"`),
		},
		"schema that is none": {
			`resource "mlstacks_flavor" "x" {
			  component_type = "artifact_store"
			  name           = "lakefs"
			  config_schema  = <<-EOT
			    {
			      "type": "object",
			      "properties": { "path": { "type": "text" } }
			    }
			  EOT
			}`,
			acctest.SaysAll("config_schema", "Line 3", "/properties/path/type"),
		},
		"configuration against its schema": {
			`resource "mlstacks_flavor" "x" {
			  component_type = "artifact_store"
			  name           = "lakefs"
			  schemes        = ["s3://"]
			  config_schema  = jsonencode({
			    type                 = "object"
			    properties           = { path = { type = "string" }, replicas = { type = "integer", minimum = 1 } }
			    additionalProperties = false
			  })
			}
			resource "mlstacks_artifact_store" "x" {
			  name   = "x"
			  custom = {
			    flavor = mlstacks_flavor.x
			    config = { path = "gs://bucket", replicas = 0, repicas = 1 }
			  }
			}`,
			acctest.SaysAll("config = { path", "custom.config.replicas: minimum"),
		},
		"name": {
			`resource "mlstacks_artifact_store" "x" {
			  name  = "-x"
			  local = { path = "./x" }
			}`,
			acctest.Says("must begin with a letter or a digit"),
		},
		"misspelled setting": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = { api_key_secret = "wandb.key", settings = { job_typ = "train" } }
			}`,
			acctest.Says(`Did you mean "job_type"?`),
		},
		"secret among the settings": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = { settings = { api_key = "hunter2" } }
			}`,
			acctest.Says("Set api_key_wo with api_key_wo_version, or api_key_secret instead"),
		},
		"setting that has an attribute": {
			`resource "mlstacks_alerter" "x" {
			  name  = "x"
			  slack = { slack_token_secret = "slack.token", settings = { timeout = 10 } }
			}`,
			acctest.Says("slack.settings.timeout: this option has an attribute of its own"),
		},
		"setting of the wrong type": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = { api_key_secret = "wandb.key", settings = { enable_weave = "perhaps" } }
			}`,
			acctest.Says("perhaps"),
		},
		"remote tracker without credentials": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name          = "x"
			  mlflow_server = { tracking_uri = "https://mlflow.example.com" }
			}`,
			acctest.Says("https://mlflow.example.com"),
		},
		"user and token": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name          = "x"
			  mlflow_server = {
			    tracking_uri             = "https://mlflow.example.com"
			    tracking_username_secret = "mlflow.user"
			    tracking_password_secret = "mlflow.password"
			    tracking_token_secret    = "mlflow.token"
			  }
			}`,
			regexp.MustCompile(`tracking_token`),
		},
		"port out of range": {
			`resource "mlstacks_orchestrator" "x" {
			  name = "x"
			  ssh  = { hostname = "gpu.example.com", username = "ml", ssh_private_key_secret = "gpu.key", port = 70000 }
			}`,
			regexp.MustCompile(`(?s)port.*65535`),
		},
		"empty string": {
			`resource "mlstacks_artifact_store" "x" {
			  name       = "x"
			  azure_blob = { path = "" }
			}`,
			acctest.Says("path string length must be at least 1"),
		},
		"required secret": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = {}
			}`,
			acctest.Says("wandb.api_key_wo: a value is required"),
		},
		"import id": {
			`import {
			  to = mlstacks_artifact_store.x
			  id = "lokal"
			}
			resource "mlstacks_artifact_store" "x" {
			  name  = "x"
			  local = { path = "./x" }
			}`,
			acctest.Says(`"lokal" is not of the form <flavor>/<identifier>. Did you mean "local"?`),
		},
		"waiver of no rule": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_orchestrator.local
			  artifact_store = mlstacks_artifact_store.blob
			  waive          = ["image-builder-default"]
			}`,
			acctest.Says(`Did you mean`),
		},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestStep{Config: c.config, PlanOnly: true, ExpectError: c.says})
		})
	}
}
