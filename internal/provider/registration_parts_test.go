package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// Objects of somebody else.

func otherComponent(name string) zenserver.Component {
	return zenserver.Component{
		Name: name, Type: "alerter", Flavor: "slack", Configuration: map[string]any{"slack_channel_id": "C1", "slack_token": "{{other.token}}"},
	}
}

func otherOrchestrator(name string) zenserver.Component {
	return zenserver.Component{Name: name, Type: "orchestrator", Flavor: "local"}
}

func otherStore(name string) zenserver.Component {
	return zenserver.Component{Name: name, Type: "artifact_store", Flavor: "local", Configuration: map[string]any{"path": os.TempDir()}}
}

const connectedStack = `
variable "hidden" {
  type      = string
  ephemeral = true
}
resource "mlstacks_orchestrator" "main" {
  name  = "NAME"
  local = {}
}
resource "mlstacks_artifact_store" "main" {
  name      = "NAME"
  azure_blob = { path = "az://artifacts/prod" }
  connector = { type = "azure", name = "NAME", resource_types = ["blob-container"] }
}
resource "mlstacks_stack" "main" {
  name           = "NAME"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main
}
resource "mlstacks_stack_registration" "main" {
  stack      = mlstacks_stack.main
  platform   = mlstacks_mlops_platform.team
  CONNECTORS
}
`

const connectors = `connectors = {
    NAME = {
      type = "azure", auth_method = "service-principal", resource_type = "blob-container", configuration = { tenant_id = "t", client_id = "c" }
      secrets_wo = { client_secret = var.hidden }, secrets_wo_version = 1
    }
    NAME-aws = {
      type = "aws", auth_method = "secret-key", configuration = { region = "eu-central-1", aws_access_key_id = "AKIA" }
      secrets_wo = { aws_secret_access_key = var.hidden }, secrets_wo_version = 1
    }
    NAME-gcp = {
      type = "gcp", auth_method = "service-account", configuration = { project_id = "acme" }
      secrets_wo = { service_account_json = "{}" }, secrets_wo_version = 1
    }
    NAME-kube = {
      type = "kubernetes", auth_method = "token", configuration = { server = "https://kube.example.com", cluster_name = "main" }
      secrets_wo = { token = var.hidden }, secrets_wo_version = 1
    }
  }`

func TestRegistration_RegistersServiceConnectors(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-conn", strings.Replace(connectedStack, "CONNECTORS", "", 1))

	s.fails(t, []string{"service connector", `"reg-conn"`, "does not have"}, "apply", "-auto-approve")
	s.write(t, strings.Replace(connectedStack, "CONNECTORS", connectors, 1))
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	s.keepsSecret(t, s.server.APIKey, hidden)

	store := s.component(t, "artifact_store", s.name)
	if store.ConnectorName != s.name || store.ResourceID != "az://artifacts/prod" {
		t.Errorf("the artifact store uses the connector %q for %q", store.ConnectorName, store.ResourceID)
	}

	names := []string{s.name + "-aws", s.name + "-gcp", s.name + "-kube"}

	found, err := s.client.ConnectorsByName(t.Context(), names)
	must(t, err)

	if len(found) != len(names) {
		t.Errorf("%d of %d service connectors are registered", len(found), len(names))
	}

	// In place: the region of one.
	s.write(t, strings.Replace(connectedStack, "CONNECTORS", strings.Replace(connectors, "eu-central-1", "eu-west-1", 1), 1))
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t, names...)
}

const customStack = `
resource "mlstacks_flavor" "lakefs" {
  component_type = "artifact_store"
  name           = "NAME"
  schemes        = ["lakefs://"]
  config_schema  = jsonencode({ type = "object", properties = { path = { type = "string" }, retries = { type = "integer" } } })
}
resource "mlstacks_orchestrator" "main" {
  name  = "NAME"
  local = {}
}
resource "mlstacks_artifact_store" "main" {
  name   = "NAME"
  custom = { flavor = mlstacks_flavor.lakefs, config = { path = "lakefs://repository/main", retries = 3 } }
}
resource "mlstacks_stack" "main" {
  name           = "NAME"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main
}
resource "mlstacks_stack_registration" "main" {
  stack    = mlstacks_stack.main
  platform = mlstacks_mlops_platform.team
  flavors  = [mlstacks_flavor.lakefs]
  SOURCES
}
`

func TestRegistration_RegistersCustomFlavors(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-custom", strings.Replace(customStack, "SOURCES", "", 1))

	s.fails(t, []string{"does not know the flavor", "flavor_sources"}, "apply", "-auto-approve")
	s.write(t, strings.Replace(customStack, "SOURCES", `flavor_sources = { NAME = "acme.flavors.LakeFSFlavor" }`, 1))
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	store := s.component(t, "artifact_store", s.name)
	if store.Flavor != s.name || store.Configuration["path"] != "lakefs://repository/main" {
		t.Errorf("the artifact store has the flavor %q and is configured as %v", store.Flavor, store.Configuration)
	}

	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}
