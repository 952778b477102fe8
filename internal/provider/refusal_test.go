package provider_test

import (
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
		// line is the line of configuration that the error stands on, as the CLI shows it.
		line string
		says []string
	}{
		"no flavor": {
			`resource "mlstacks_artifact_store" "x" { name = "x" }`,
			`resource "mlstacks_artifact_store" "x" { name = "x" }`,
			[]string{`none is set`, `Set one of: local, s3, minio, azure_blob`},
		},
		"two flavors": {
			`resource "mlstacks_artifact_store" "x" {
			  name       = "x"
			  local      = { path = "./x" }
			  azure_blob = { path = "az://x" }
			}`,
			`azure_blob = { path = "az://x" }`,
			[]string{`"local" and "azure_blob" are both set`},
		},
		"wrong slot": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_artifact_store.blob
			  artifact_store = mlstacks_artifact_store.blob
			}`,
			`orchestrator   = mlstacks_artifact_store.blob`,
			[]string{`takes a component of type orchestrator; "blob" is of type artifact_store`},
		},
		"not a component": {
			parts + `resource "terraform_data" "x" {}
			resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_orchestrator.local
			  artifact_store = terraform_data.x
			}`,
			`artifact_store = terraform_data.x`,
			[]string{`attributes "flavor", "name", and "type" are required`},
		},
		"missing orchestrator": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "x"
			  artifact_store = mlstacks_artifact_store.blob
			}`,
			`resource "mlstacks_stack" "x" {`,
			[]string{`this one has no orchestrator`, `Set orchestrator`},
		},
		"missing artifact store": {
			parts + `resource "mlstacks_stack" "x" {
			  name         = "x"
			  orchestrator = mlstacks_orchestrator.local
			}`,
			`resource "mlstacks_stack" "x" {`,
			[]string{`this one has no artifact_store`, `Set artifact_store`},
		},
		"wrong scheme": {
			`resource "mlstacks_artifact_store" "x" {
			  name = "x"
			  b2   = { path = "gs://bucket" }
			}`,
			`b2   = { path = "gs://bucket" }`,
			[]string{`b2.path: "gs://bucket" does not begin with a scheme`, `s3://`},
		},
		"flavor of no mlstacks_flavor": {
			`resource "mlstacks_artifact_store" "x" {
			  name   = "x"
			  custom = { flavor = "lakefs" }
			}`,
			`custom = { flavor = "lakefs" }`,
			[]string{`attribute "flavor": object required`},
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
			`custom = { flavor = mlstacks_flavor.x }`,
			[]string{`Flavor "dagster" is for orchestrator, and this is artifact_store`},
		},
		"flavor that shadows a built-in one": {
			`resource "mlstacks_flavor" "x" {
			  component_type = "artifact_store"
			  name           = "azure"
			}`,
			`name           = "azure"`,
			[]string{`has a built-in flavor "azure"`},
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
			`config_schema  = <<-EOT`,
			[]string{`Line 3`, `/properties/path/type`},
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
			`config = { path = "gs://bucket", replicas = 0, repicas = 1 }`,
			[]string{`custom.config.replicas: minimum`},
		},
		"name of a stack": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "my stack"
			  orchestrator   = mlstacks_orchestrator.local
			  artifact_store = mlstacks_artifact_store.blob
			}`,
			`name           = "my stack"`,
			[]string{`must begin with a letter or a digit`},
		},
		"name of a flavor": {
			`resource "mlstacks_flavor" "x" {
			  component_type = "artifact_store"
			  name           = "lake fs"
			}`,
			`name           = "lake fs"`,
			[]string{`must begin with a letter or a digit`},
		},
		"import id of a stack": {
			parts + `import {
			  to = mlstacks_stack.x
			  id = "my/stack"
			}
			resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_orchestrator.local
			  artifact_store = mlstacks_artifact_store.blob
			}`,
			"",
			[]string{`"my/stack" is not of the form <name of the stack>`},
		},
		"import id of a custom component": {
			`import {
			  to = mlstacks_artifact_store.x
			  id = "custom/lakefs"
			}
			resource "mlstacks_artifact_store" "x" {
			  name  = "x"
			  local = { path = "./x" }
			}`,
			"",
			[]string{`"custom/lakefs" is not of the form <flavor>/<identifier>`, `custom/<name of the flavor>/<identifier>`},
		},
		"name": {
			`resource "mlstacks_artifact_store" "x" {
			  name  = "-x"
			  local = { path = "./x" }
			}`,
			`name  = "-x"`,
			[]string{`must begin with a letter or a digit`},
		},
		"misspelled setting": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = { api_key_secret = "wandb.key", settings = { job_typ = "train" } }
			}`,
			`wandb = { api_key_secret = "wandb.key", settings = { job_typ = "train" } }`,
			[]string{`wandb.settings.job_typ`, `Did you mean "job_type"?`},
		},
		"wrong scheme beside an unknown connector": {
			`resource "terraform_data" "later" { input = "azure" }
			resource "mlstacks_artifact_store" "x" {
			  name       = "x"
			  azure_blob = { path = "s3://bucket" }
			  connector  = { type = terraform_data.later.output, name = "azure" }
			}`,
			`azure_blob = { path = "s3://bucket" }`,
			[]string{`azure_blob.path: "s3://bucket" does not begin with a scheme`},
		},
		"secret among the settings": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = { settings = { api_key = "hunter2" } }
			}`,
			`wandb = { settings = { api_key = "hunter2" } }`,
			[]string{`Set api_key_wo with api_key_wo_version, or api_key_secret instead`},
		},
		"setting that has an attribute": {
			`resource "mlstacks_alerter" "x" {
			  name  = "x"
			  slack = { slack_token_secret = "slack.token", settings = { timeout = 10 } }
			}`,
			`slack = { slack_token_secret = "slack.token", settings = { timeout = 10 } }`,
			[]string{`slack.settings.timeout: this option has an attribute of its own`},
		},
		"setting of the wrong type": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = { api_key_secret = "wandb.key", settings = { init_kwargs = "perhaps" } }
			}`,
			`wandb = { api_key_secret = "wandb.key", settings = { init_kwargs = "perhaps" } }`,
			[]string{`wandb.settings.init_kwargs`, `"perhaps"`},
		},
		"remote tracker without credentials": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name          = "x"
			  mlflow_server = { tracking_uri = "https://mlflow.example.com" }
			}`,
			`mlflow_server = { tracking_uri = "https://mlflow.example.com" }`,
			[]string{`mlflow_server.tracking_uri`, `tracking_token_wo (or _secret)`, `zenml-mlflow-one-login`},
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
			`tracking_token_secret    = "mlflow.token"`,
			[]string{`mlflow_server.tracking_token_secret: there is more than one way to log in`},
		},
		"port out of range": {
			`resource "mlstacks_orchestrator" "x" {
			  name = "x"
			  ssh  = { hostname = "gpu.example.com", username = "ml", ssh_private_key_secret = "gpu.key", port = 70000 }
			}`,
			`ssh  = { hostname = "gpu.example.com", username = "ml", ssh_private_key_secret = "gpu.key", port = 70000 }`,
			[]string{`ssh.port`, `70000`, `65535`},
		},
		"empty string": {
			`resource "mlstacks_artifact_store" "x" {
			  name       = "x"
			  azure_blob = { path = "" }
			}`,
			`azure_blob = { path = "" }`,
			[]string{`azure_blob.path`, `at least 1`},
		},
		"required secret": {
			`resource "mlstacks_experiment_tracker" "x" {
			  name  = "x"
			  wandb = {}
			}`,
			`wandb = {}`,
			[]string{`wandb.api_key_wo: a value is required`, `Set api_key_wo with api_key_wo_version, or api_key_secret`},
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
			"",
			[]string{`"lokal" is not of the form <flavor>/<identifier>. Did you mean "local"?`},
		},
		"waiver of no rule": {
			parts + `resource "mlstacks_stack" "x" {
			  name           = "x"
			  orchestrator   = mlstacks_orchestrator.local
			  artifact_store = mlstacks_artifact_store.blob
			  waive          = ["image-builder-default"]
			}`,
			"",
			[]string{`image-builder-default`, `Did you mean`},
		},
	}

	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Run(t, resource.TestStep{Config: c.config, PlanOnly: true, ExpectError: acctest.SaysAll(append([]string{c.line}, c.says...)...)})
		})
	}
}
