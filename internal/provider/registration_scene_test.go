package provider_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// hidden is a secret that no file may hold.
const hidden = "a-very-secret-key-of-tests"

// registrationScene is a configuration that registers stacks at a real ZenML server. Everything in it is called after name,
// so that tests share the server.
type registrationScene struct {
	server *zenml.Server
	proxy  *zenml.Proxy
	client *zenserver.Client
	cli    *acctest.CLI
	name   string
	// head is what the configuration begins with.
	head string
}

// newRegistrationScene makes one whose provider block has the server's key. The server is reached through a proxy.
func newRegistrationScene(t *testing.T, name, configuration string) registrationScene {
	t.Helper()

	return newRegistrationSceneAs(t, name, `
provider "mlstacks" {
  zenml = { url = "URL", api_key = var.zenml }
}
variable "zenml" {
  type      = string
  ephemeral = true
}
resource "mlstacks_mlops_platform" "team" {
  name         = "NAME"
  zenml_server = { url = "URL" }
}
`, configuration)
}

// newRegistrationSceneAs makes one that begins otherwise. The variables zenml and hidden are set.
func newRegistrationSceneAs(t *testing.T, name, head, configuration string) registrationScene {
	t.Helper()

	server := zenml.NewServer(t)
	s := registrationScene{
		server: server, proxy: server.Proxy(t), name: name, head: head,
		client: zenserver.New(zenserver.Config{URL: server.URL, APIKey: server.APIKey}),
	}
	s.cli = acctest.NewCLI(t, s.text(configuration))
	s.cli.Prepare = func(command *exec.Cmd) {
		command.Env = append(command.Env, "TF_VAR_zenml="+server.APIKey, "TF_VAR_hidden="+hidden)
	}

	return s
}

// text is the configuration in which NAME and URL are replaced.
func (s registrationScene) text(configuration string) string {
	return strings.NewReplacer("NAME", s.name, "URL", s.proxy.URL).Replace(s.head + configuration)
}

// write replaces the configuration.
func (s registrationScene) write(t *testing.T, configuration string) {
	t.Helper()

	file := filepath.Join(s.cli.Dir, "main.tf")
	text := "terraform {\n  required_providers {\n    mlstacks = { source = \"mlstacks/mlstacks\" }\n  }\n}\n" + s.text(configuration)

	must(t, os.WriteFile(file, []byte(text), 0o600))
}

// fails runs a command that has to fail, and to say certain things in this order.
func (s registrationScene) fails(t *testing.T, says []string, arguments ...string) {
	t.Helper()

	output, err := s.cli.Run(t, arguments...)
	if err == nil || !acctest.SaysAll(says...).MatchString(output) {
		t.Fatalf("%v went through, or says why wrongly: %v\n%s", arguments, err, output)
	}
}

// stack is the registered one.
func (s registrationScene) stack(t *testing.T, name string) zenserver.Stack {
	t.Helper()

	found, ok, err := s.client.StackByName(t.Context(), name)
	must(t, err)

	if !ok {
		t.Fatalf("the server has no stack %q", name)
	}

	return found
}

// component finds one by type and name.
func (s registrationScene) component(t *testing.T, kind, name string) zenserver.Component {
	t.Helper()

	found, err := s.client.ComponentsByName(t.Context(), []string{name})
	must(t, err)

	for _, c := range found {
		if c.Type == kind {
			return c
		}
	}

	t.Errorf("the server has no %s %q", kind, name)

	return zenserver.Component{}
}

// leavesNothing fails where the server has anything of this name.
func (s registrationScene) leavesNothing(t *testing.T, names ...string) {
	t.Helper()

	for _, name := range append(names, s.name) {
		if _, ok, err := s.client.StackByName(t.Context(), name); err != nil || ok {
			t.Errorf("stack %q is left (%v)", name, err)
		}

		if found, err := s.client.ComponentsByName(t.Context(), []string{name}); err != nil || len(found) > 0 {
			t.Errorf("components %q are left (%v): %v", name, err, found)
		}

		if found, err := s.client.SecretsByName(t.Context(), []string{name}); err != nil || len(found) > 0 {
			t.Errorf("secrets %q are left (%v)", name, err)
		}

		if found, err := s.client.ConnectorsByName(t.Context(), []string{name}); err != nil || len(found) > 0 {
			t.Errorf("service connectors %q are left (%v)", name, err)
		}

		if found, err := s.client.FlavorsByName(t.Context(), []string{name}); err != nil || len(found) > 0 {
			t.Errorf("flavors %q are left (%v)", name, err)
		}
	}
}

// keepsSecret fails where a file of the working directory has one of these texts, but for the configuration.
func (s registrationScene) keepsSecret(t *testing.T, secrets ...string) {
	t.Helper()

	must(t, filepath.WalkDir(s.cli.Dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) == ".tf" {
			return err
		}

		text, err := os.ReadFile(path) //nolint:gosec // the test's own directory
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}

		for _, secret := range secrets {
			if strings.Contains(string(text), secret) {
				t.Errorf("%s holds a secret", path)
			}
		}

		return nil
	}))
}

// localStack is a stack of local parts, registered.
const localStack = `
resource "mlstacks_orchestrator" "main" {
  name  = "NAME"
  local = {}
}
resource "mlstacks_artifact_store" "main" {
  name  = "NAME"
  local = { path = "./artifacts", force_destroy = true }
}
resource "mlstacks_stack" "main" {
  name           = "NAME"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main
}
resource "mlstacks_stack_registration" "main" {
  stack    = mlstacks_stack.main
  platform = mlstacks_mlops_platform.team
}
output "zenml_yaml" { value = mlstacks_stack.main.zenml_yaml }
output "id" { value = mlstacks_stack_registration.main.id }
output "drift" { value = mlstacks_stack_registration.main.drift }
`

// trackedStack adds a tracker with a secret, for a project.
func trackedStack(project string) string {
	return strings.Replace(localStack, "  artifact_store = mlstacks_artifact_store.main\n",
		"  artifact_store = mlstacks_artifact_store.main\n  experiment_tracker = mlstacks_experiment_tracker.main\n", 1) + `
variable "hidden" {
  type      = string
  ephemeral = true
}
resource "mlstacks_experiment_tracker" "main" {
  name  = "NAME"
  wandb = { project_name = "` + project + `", api_key_wo = var.hidden, api_key_wo_version = 1 }
}
`
}

// withSecrets hands over the tracker's secret.
func withSecrets(configuration string) string {
	return strings.Replace(configuration, "  platform = mlstacks_mlops_platform.team\n",
		"  platform = mlstacks_mlops_platform.team\n  secrets_wo = { NAME = { api_key = var.hidden } }\n  secrets_wo_version = 1\n", 1)
}
