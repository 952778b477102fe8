package provider_test

import (
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

// laterHead has an address that only apply tells whenever it changes. The key in the provider block is for the first one.
const laterHead = `
provider "mlstacks" {
  zenml = { url = "URL", api_key = var.zenml }
}
variable "zenml" {
  type      = string
  ephemeral = true
}
variable "at" {
  type = string
}
resource "terraform_data" "at" {
  input = var.at
}
resource "mlstacks_mlops_platform" "team" {
  name         = "NAME"
  zenml_server = { url = terraform_data.at.output }
}
`

// secondServer is another one than all other tests use.
var secondServer = sync.OnceValues(zenml.StartServer)

// laterScene has a stack at a server, and a way to let the platform be at another address with a key of its own.
func laterScene(t *testing.T, name string) (s registrationScene, at func(address, key string)) {
	t.Helper()

	s = newRegistrationSceneAs(t, name, laterHead, withSecrets(trackedStack("one")))
	at = func(address, key string) {
		s.cli.Prepare = func(command *exec.Cmd) {
			command.Env = append(command.Env, "TF_VAR_hidden="+hidden, "TF_VAR_zenml="+s.server.APIKey, "TF_VAR_at="+address)
			command.Env = append(command.Env, "ZENML_STORE_URL="+address, "ZENML_STORE_API_KEY="+key)
		}
	}

	at(s.proxy.URL, s.server.APIKey)
	succeeds(t, s.cli, "apply", "-auto-approve")
	s.stack(t, s.name)

	return s, at
}

// second is the scene as it is at the second server.
func (s registrationScene) second(t *testing.T) registrationScene {
	t.Helper()

	server, err := secondServer()
	must(t, err)

	s.server, s.proxy = server, server.Proxy(t)
	s.client = zenserver.New(zenserver.Config{URL: server.URL, APIKey: server.APIKey})

	return s
}

func TestRegistration_FollowsAServerToAnotherAddress(t *testing.T) {
	t.Parallel()

	s, at := laterScene(t, "reg-address")
	before := s.stack(t, s.name)

	at(s.server.Proxy(t).URL, s.server.APIKey)
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	if after := s.stack(t, s.name); after.ID != before.ID {
		t.Error("the stack has another id at the same server")
	}

	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}

func TestRegistration_IsMadeAnewAtAnotherServer(t *testing.T) {
	t.Parallel()

	s, at := laterScene(t, "reg-another")
	other := s.second(t)

	// A stack that the same people have there stays theirs.
	theirs, err := other.client.CreateComponent(t.Context(), otherOrchestrator("reg-another-theirs"))
	must(t, err)

	at(other.proxy.URL, other.server.APIKey)

	// Half of it, and then the rest.
	other.proxy.Fail(notYet)
	s.fails(t, []string{"Cannot update registration", "not yet"}, "apply", "-auto-approve")
	s.leavesNothing(t)

	other.proxy.Fail(nil)
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	if len(other.stack(t, s.name).Components) != 3 {
		t.Error("the stack has lost components on its way")
	}

	if found, err := other.client.SecretsByName(t.Context(), []string{s.name}); err != nil || len(found) != 1 {
		t.Errorf("the other server has %d secrets of that name (%v)", len(found), err)
	}

	s.keepsSecret(t, s.server.APIKey, other.server.APIKey, hidden)
	succeeds(t, s.cli, "destroy", "-auto-approve")
	other.leavesNothing(t)
	must(t, other.client.DeleteComponent(t.Context(), theirs.ID))
}

func TestRegistration_LeavesAServerThatIsGone(t *testing.T) {
	t.Parallel()

	s, at := laterScene(t, "reg-left")
	other := s.second(t)

	at(other.proxy.URL, other.server.APIKey)
	succeeds(t, s.cli, "plan", "-out=plan.bin")

	// The former one ends between plan and apply, as one does that is replaced.
	s.proxy.Fail(func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) })

	output, err := s.cli.Run(t, "apply", "plan.bin")
	if err != nil || !acctest.SaysAll("another server now", "registered there anew", "could not be removed", "by hand").MatchString(output) {
		t.Errorf("it does not say what may be left: %v\n%s", err, output)
	}

	if text := strings.Join(strings.Fields(strings.ReplaceAll(output, "│", "")), " "); !strings.Contains(text, s.proxy.URL) || !strings.Contains(text, other.proxy.URL) {
		t.Errorf("it does not say which servers:\n%s", output)
	}

	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	other.stack(t, s.name)
	succeeds(t, s.cli, "destroy", "-auto-approve")
	other.leavesNothing(t)

	// What was at the former one is there still, and nobody has touched it.
	stack := s.stack(t, s.name)
	must(t, s.client.DeleteStack(t.Context(), stack.ID))

	for _, components := range stack.Components {
		for _, c := range components {
			must(t, s.client.DeleteComponent(t.Context(), c.ID))
		}
	}

	secrets, err := s.client.SecretsByName(t.Context(), []string{s.name})
	must(t, err)

	for _, secret := range secrets {
		must(t, s.client.DeleteSecret(t.Context(), secret.ID))
	}

	s.leavesNothing(t)
}

// What a run has made before it failed is in the state, without a stack yet. The next one goes on from there.
func TestRegistration_GoesOnAfterItFailedHalfway(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-halfway", withSecrets(trackedStack("one")))

	s.proxy.Fail(notYet)
	s.fails(t, []string{"Cannot create registration", "not yet"}, "apply", "-auto-approve")
	s.fails(t, []string{"Cannot create registration", "not yet"}, "apply", "-auto-approve")
	s.proxy.Fail(nil)
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
	s.fails(t, []string{"Cannot import non-existent remote object"}, "import", "mlstacks_stack_registration.main", s.name)
}

// notYet refuses to register stacks, and nothing else.
func notYet(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodPost || r.URL.Path != "/api/v1/stacks" {
		return false
	}

	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, `{"detail": ["PermissionError", "not yet"]}`)

	return true
}
