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
      type = "aws", auth_method = "secret-key", configuration = { region = "eu-central-1", endpoint_url = "https://aws.example.com", aws_access_key_id = "AKIA" }
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

	kept := s.connector(t, s.name+"-aws")

	// In place: the region of one, and then an option that is taken out.
	s.write(t, strings.Replace(connectedStack, "CONNECTORS", strings.Replace(connectors, "eu-central-1", "eu-west-1", 1), 1))
	succeeds(t, s.cli, "apply", "-auto-approve")

	if now := s.connector(t, s.name+"-aws"); now.Configuration["endpoint_url"] == nil || now.Configuration["region"] != "eu-west-1" {
		t.Errorf("the service connector is configured as %v", now.Configuration)
	}

	s.write(t, strings.Replace(connectedStack, "CONNECTORS", strings.NewReplacer(
		"eu-central-1", "eu-west-1", ` endpoint_url = "https://aws.example.com",`, "",
	).Replace(connectors), 1))
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	if now := s.connector(t, s.name+"-aws"); now.ID != kept.ID || now.Configuration["region"] != "eu-west-1" {
		t.Errorf("the service connector %s is %s now, and configured as %v", kept.ID, now.ID, now.Configuration)
	}

	if now := s.connector(t, s.name+"-aws"); now.Configuration["endpoint_url"] != nil {
		t.Errorf("an option that is wanted no longer is there: %v", now.Configuration)
	}

	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t, names...)
}

// connector finds the service connector of a name.
func (s registrationScene) connector(t *testing.T, name string) zenserver.Connector {
	t.Helper()

	found, err := s.client.ConnectorsByName(t.Context(), []string{name})
	must(t, err)

	if len(found) != 1 {
		t.Fatalf("the server has %d service connectors %q", len(found), name)
	}

	return found[0]
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

func TestRegistration_UsesWhatTookThePlaceOfItsOwn(t *testing.T) {
	t.Parallel()

	const key, name = "artifact_store/reg-place", "reg-place-aws"

	s := newRegistrationScene(t, "reg-place", strings.NewReplacer(
		"flavors  = [mlstacks_flavor.lakefs]", `flavors  = [mlstacks_flavor.lakefs]
  connectors = { `+name+` = { type = "aws", auth_method = "iam-role", configuration = { region = "eu-central-1" } } }`,
		"SOURCES", `flavor_sources = { NAME = "acme.flavors.LakeFSFlavor" }`,
	).Replace(strings.Replace(customStack, "custom = { flavor = mlstacks_flavor.lakefs, config = { path = \"lakefs://repository/main\", retries = 3 } }",
		`local = { path = "./artifacts", force_destroy = true }`, 1)))

	succeeds(t, s.cli, "apply", "-auto-approve")

	connectors, err := s.client.ConnectorsByName(t.Context(), []string{name})
	must(t, err)
	flavors, err := s.client.FlavorsByName(t.Context(), []string{s.name})
	must(t, err)

	if len(connectors) != 1 || len(flavors) != 1 {
		t.Fatalf("the server has %d service connectors and %d flavors", len(connectors), len(flavors))
	}

	// Somebody makes their own instead.
	must(t, s.client.DeleteConnector(t.Context(), connectors[0].ID))
	must(t, s.client.DeleteFlavor(t.Context(), flavors[0].ID))

	connectors[0].Labels = map[string]string{}
	theirs, err := s.client.CreateConnector(t.Context(), connectors[0])
	must(t, err)

	flavors[0].Schema = map[string]any{"type": "object"}
	other, err := s.client.CreateFlavor(t.Context(), flavors[0])
	must(t, err)

	s.fails(t, []string{"flavor " + key + " is gone"}, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")

	// Theirs stay.
	must(t, s.client.DeleteConnector(t.Context(), theirs.ID))
	must(t, s.client.DeleteFlavor(t.Context(), other.ID))
	s.leavesNothing(t, name)
}
