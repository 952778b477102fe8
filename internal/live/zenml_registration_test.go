package live_test

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/k3d"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/kube"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

const (
	registeredNamespace = "registered"
	registeredServer    = "registry"
	registeredStack     = "in-cluster"
	registeredAddress   = "mlstacks_stack_registration.main"

	// registeredSecret is handed over to the server. The search at the end looks for it.
	registeredSecret = "Lf7wTn2cJq9dHx5vBz4k"
)

// registeredConfiguration is a server in a cluster and a stack that is registered there, in one. It takes the lines of the
// server that differ.
const registeredConfiguration = `
variable "hidden" {
  type      = string
  ephemeral = true
}

resource "mlstacks_mlops_platform" "main" {
  name    = "registry"
  cluster = data.mlstacks_cluster.dev
  zenml = {
    namespace = "registered"
    storage   = "128Mi"
    %s
  }
  timeouts = { create = "3m", update = "3m", delete = "2m" }
}

resource "mlstacks_orchestrator" "main" {
  name  = "in-cluster"
  local = {}
}

resource "mlstacks_artifact_store" "main" {
  name  = "in-cluster"
  local = { path = "./artifacts", force_destroy = true }
}

resource "mlstacks_experiment_tracker" "main" {
  name  = "in-cluster"
  wandb = { project_name = "one", api_key_wo = var.hidden, api_key_wo_version = 1 }
}

resource "mlstacks_stack" "main" {
  name               = "in-cluster"
  orchestrator       = mlstacks_orchestrator.main
  artifact_store     = mlstacks_artifact_store.main
  experiment_tracker = mlstacks_experiment_tracker.main
}

resource "mlstacks_stack_registration" "main" {
  stack              = mlstacks_stack.main
  platform           = mlstacks_mlops_platform.main
  secrets_wo         = { in-cluster = { api_key = var.hidden } }
  secrets_wo_version = 1
  timeouts           = { create = "2m", update = "2m", delete = "2m" }
}

output "server" { value = mlstacks_mlops_platform.main.uri }
output "id" { value = mlstacks_stack_registration.main.id }
output "url" { value = mlstacks_stack_registration.main.url }
`

// registered is a configuration with a server and what is registered there.
type registered struct {
	*workspace

	opened *kube.Cluster
	id     string
}

// Nobody gives a login: it is in a Secret of the cluster. One test, since starting a server is most of its time.
func TestRegistration_LogsInToAServerInARealCluster(t *testing.T) {
	t.Parallel()

	images := k3d.Require(t)
	dev := enter(t, k3d.Shared(t, images.ZenML).Name)
	opened, err := kube.New(dev.config)
	must(t, err)

	r := &registered{workspace: open(t, dev.name, ""), opened: opened}
	r.secrets.add("key of the tracker", registeredSecret)

	prepare := r.Prepare
	r.Prepare = func(command *exec.Cmd) {
		prepare(command)
		command.Env = append(command.Env, "TF_VAR_hidden="+registeredSecret)
	}

	with := func(more string) {
		if images.ZenML != "" {
			more += fmt.Sprintf("\n    image     = %q", images.ZenML)
		}

		r.write(dev.lookup() + fmt.Sprintf(registeredConfiguration, more))
	}

	with(`expose    = { type = "node_port" }`)
	r.apply()
	r.settled()
	r.there(t)

	t.Log("what was removed by hand is made again, and what is left of it keeps its ids")
	r.repaired(t)

	t.Log("it is reached through the cluster where nothing is exposed, and is the same server at another address")

	before := r.id

	with("")
	r.apply()
	r.settled()
	r.there(t)

	if r.id != before {
		t.Error("the stack has another id at the same server")
	}

	r.repaired(t)

	t.Log("the registration goes before the server, which then holds nothing that anybody would miss")
	r.destroy()
	dev.gone(registeredNamespace)
}

// there checks that the server has the stack with its components and their secret.
func (r *registered) there(t *testing.T) {
	t.Helper()
	r.ask(t, func(ctx context.Context, client *zenserver.Client) {
		stack, ok, err := client.StackByName(ctx, registeredStack)
		must(t, err)

		if r.id = r.output("id"); !ok || stack.ID != r.id {
			t.Errorf("the server has the stack %q, and the state says %q", stack.ID, r.id)
		}

		for kind, flavor := range map[string]string{"orchestrator": "local", "artifact_store": "local", "experiment_tracker": "wandb"} {
			if of := stack.Components[kind]; len(of) != 1 || of[0].Name != registeredStack || of[0].Flavor != flavor {
				t.Errorf("of the type %s the stack has %v", kind, of)
			}
		}

		if found, err := client.SecretsByName(ctx, []string{registeredStack}); err != nil || len(found) != 1 {
			t.Errorf("the server has %d secrets of that name (%v)", len(found), err)
		}
	})

	if url, server := r.output("url"), r.output("server"); !strings.HasPrefix(url, server) {
		t.Errorf("the stack is shown at %s, and the server is at %s", url, server)
	}
}

// repaired removes the stack and a component of it by hand.
func (r *registered) repaired(t *testing.T) {
	t.Helper()

	var kept string

	r.ask(t, func(ctx context.Context, client *zenserver.Client) {
		stack, err := client.Stack(ctx, r.id)
		must(t, err)
		must(t, client.DeleteStack(ctx, stack.ID))
		must(t, client.DeleteComponent(ctx, stack.Components["experiment_tracker"][0].ID))

		kept = stack.Components["orchestrator"][0].ID
	})

	p := r.plan()
	r.will(p, map[string]string{registeredAddress: "update", "mlstacks_mlops_platform.main": "nothing"})

	for _, what := range []string{`stack "in-cluster" is gone`, `experiment tracker "in-cluster" is gone`} {
		if !strings.Contains(p.drift(registeredAddress), what) {
			t.Errorf("the plan does not say that %s:\n%s", what, p.text)
		}
	}

	r.apply()
	r.settled()
	r.there(t)
	r.ask(t, func(ctx context.Context, client *zenserver.Client) {
		stack, err := client.Stack(ctx, r.id)
		must(t, err)

		if of := stack.Components["orchestrator"]; len(of) != 1 || of[0].ID != kept {
			t.Errorf("the orchestrator was %s, and is %v", kept, of)
		}
	})
}

// ask works on the server by a way into the cluster of its own, as whoever its Secret lets in.
func (r *registered) ask(t *testing.T, work func(context.Context, *zenserver.Client)) {
	t.Helper()

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()

	secret, err := r.opened.Secret(ctx, registeredNamespace, registeredServer+"-credentials")
	must(t, err)

	address, stop, err := r.opened.Forward(ctx, registeredNamespace, registeredServer, 8080)
	must(t, err)

	defer stop()

	work(ctx, zenserver.New(zenserver.Config{URL: "http://" + address, Username: secret["username"], Password: secret["password"]}))
}
