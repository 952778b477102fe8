package provider_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/zenml"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/zenserver"
)

func TestRegistration_RunsARealPipelineByName(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-run", localStack)
	home := s.server.Client(t)

	succeeds(t, s.cli, "apply", "-auto-approve")
	s.proxy.Calls()
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	// A login, what the server is, the stack, its components.
	if calls := s.proxy.Calls(); len(calls) > 4 {
		t.Errorf("a look at a stack took %d calls: %v", len(calls), calls)
	}

	if text := home.Says(t, "stack", "list", "--name="+s.name); !strings.Contains(text, s.name) {
		t.Errorf("zenml stack list says\n%s", text)
	}

	if text := home.Says(t, "stack", "describe", s.name); !strings.Contains(text, s.name) || !strings.Contains(text, "ORCHESTRATOR") {
		t.Errorf("zenml stack describe says\n%s", text)
	}

	yaml := outputs(t, s.cli).YAML.Value
	if exported := string(home.Export(t, s.name)); exported != yaml {
		t.Errorf("zenml stack export writes\n%s\nand zenml_yaml is\n%s", exported, yaml)
	}

	report := home.RunPipeline(t, zenml.RunRequest{Stack: s.name})
	if report.Status != "completed" || len(report.Steps) != 2 {
		t.Errorf("the run ended as %s after %d steps", report.Status, len(report.Steps))
	}

	for _, step := range report.Steps {
		for _, output := range step.Outputs {
			if !strings.HasPrefix(output.URI, filepath.Join(s.cli.Dir, "artifacts")+"/") {
				t.Errorf("step %s left its artifact at %s, outside of the artifact store", step.Name, output.URI)
			}
		}
	}

	s.keepsSecret(t, s.server.APIKey)
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}

func TestRegistration_KeepsSecretsOutOfStateAndPlan(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-secret", trackedStack("one"))

	s.fails(t, []string{"Cannot create registration", "secrets that the server does not hold: reg-secret.api_key", "secrets_wo"}, "apply", "-auto-approve")
	s.write(t, withSecrets(trackedStack("one")))
	succeeds(t, s.cli, "plan", "-out=plan.bin")

	shown, err := s.cli.Run(t, "show", "-json", "plan.bin")
	must(t, err)
	must(t, os.WriteFile(filepath.Join(s.cli.Dir, "plan.json"), []byte(shown), 0o600))
	succeeds(t, s.cli, "apply", "plan.bin")
	s.keepsSecret(t, s.server.APIKey, hidden)
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	found, err := s.client.SecretsByName(t.Context(), []string{s.name})
	must(t, err)

	if len(found) != 1 {
		t.Fatalf("the server has %d secrets of that name", len(found))
	}

	secret, err := s.client.Secret(t.Context(), found[0].ID)
	must(t, err)

	if secret.Values["api_key"] != hidden {
		t.Errorf("the secret holds the keys %d", len(secret.Values))
	}

	// The YAML refers to the secret, as ZenML's own does.
	yaml := outputs(t, s.cli).YAML.Value
	if exported := string(s.server.Client(t).Export(t, s.name)); exported != yaml || !strings.Contains(yaml, "{{"+s.name+".api_key}}") {
		t.Errorf("zenml stack export writes\n%s\nand zenml_yaml is\n%s", exported, yaml)
	}

	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}

func TestRegistration_KeepsIdsWhenPartsChange(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-ids", withSecrets(trackedStack("one")))

	succeeds(t, s.cli, "apply", "-auto-approve")

	before := s.stack(t, s.name)
	tracker := s.component(t, "experiment_tracker", s.name)

	// What somebody else attached: a label and a component.
	other, err := s.client.CreateComponent(t.Context(), otherComponent("reg-ids-alerter"))
	must(t, err)

	labels := before.Labels
	labels["team"] = "vision"
	ids := map[string][]string{"alerter": {other.ID}}

	for kind, components := range before.Components {
		for _, c := range components {
			ids[kind] = append(ids[kind], c.ID)
		}
	}

	_, err = s.client.UpdateStack(t.Context(), before.ID, before.Name, ids, labels)
	must(t, err)
	succeeds(t, s.cli, "plan", "-detailed-exitcode") // nothing of ours differs

	s.write(t, strings.Replace(withSecrets(trackedStack("two")), `local = {}`, `local_docker = {}`, 1))
	succeeds(t, s.cli, "apply", "-auto-approve")

	after := s.stack(t, s.name)
	changed := s.component(t, "experiment_tracker", s.name)

	if after.ID != before.ID || changed.ID != tracker.ID {
		t.Error("a change in place has another id")
	}

	if changed.Configuration["project_name"] != "two" {
		t.Errorf("the tracker is configured as %v", changed.Configuration)
	}

	if of := s.component(t, "orchestrator", s.name); of.Flavor != "local_docker" {
		t.Errorf("the orchestrator has the flavor %q", of.Flavor)
	}

	if after.Labels["team"] != "vision" || len(after.Components["alerter"]) != 1 {
		t.Errorf("what others attached is gone: labels %v, components %v", after.Labels, after.Components)
	}

	// Renamed, everything of it.
	s.write(t, strings.ReplaceAll(localStack, `"NAME"`, `"NAME-x"`))
	succeeds(t, s.cli, "apply", "-auto-approve")

	if renamed := s.stack(t, s.name+"-x"); renamed.ID != before.ID {
		t.Error("a renamed stack has another id")
	}

	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t, s.name+"-x")
	must(t, s.client.DeleteComponent(t.Context(), other.ID))
}

func TestRegistration_SharedComponentStaysForTheOtherStack(t *testing.T) {
	t.Parallel()

	const second = `
resource "mlstacks_stack" "other" {
  name           = "NAME-other"
  orchestrator   = mlstacks_orchestrator.main
  artifact_store = mlstacks_artifact_store.main
}
resource "mlstacks_stack_registration" "other" {
  stack    = mlstacks_stack.other
  platform = mlstacks_mlops_platform.team
}
`

	s := newRegistrationScene(t, "reg-shared", localStack+second)

	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	s.write(t, localStack)
	succeeds(t, s.cli, "apply", "-auto-approve")

	if len(s.stack(t, s.name).Components) != 2 {
		t.Error("the stack that is left has lost components")
	}

	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t, s.name+"-other")
}

func TestRegistration_RefusesWhatBelongsToSomebodyElse(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-foreign", localStack)
	orchestrator, err := s.client.CreateComponent(t.Context(), otherOrchestrator(s.name))
	must(t, err)
	s.fails(t, []string{"Cannot create registration", `Orchestrator "reg-foreign" is on the server already`, "another name"}, "apply", "-auto-approve")

	store, err := s.client.CreateComponent(t.Context(), otherStore("reg-foreign-store"))
	must(t, err)

	ids := map[string][]string{"orchestrator": {orchestrator.ID}, "artifact_store": {store.ID}}
	theirs, err := s.client.CreateStack(t.Context(), s.name, ids, nil)
	must(t, err)
	s.fails(t, []string{"Cannot create registration", "on the server already", "terraform import mlstacks_stack_registration", s.name}, "apply", "-auto-approve")

	// Whoever imports it, has it: its id stays.
	succeeds(t, s.cli, "import", "mlstacks_stack_registration.main", s.name)
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	if s.stack(t, s.name).ID != theirs.ID {
		t.Error("the imported stack has another id")
	}

	if s.component(t, "orchestrator", s.name).ID != orchestrator.ID {
		t.Error("the component of an imported stack that the configuration names has another id")
	}

	succeeds(t, s.cli, "state", "rm", "mlstacks_stack_registration.main")
	succeeds(t, s.cli, "import", "mlstacks_stack_registration.main", theirs.ID)
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)

	// What the configuration does not name was never ours.
	if s.component(t, "artifact_store", store.Name).ID != store.ID {
		t.Error("somebody's artifact store is another one")
	}

	must(t, s.client.DeleteComponent(t.Context(), store.ID))
}

// A stack that is in another state is not taken over, whoever has made it.
func TestRegistration_RefusesWhatIsInAnotherState(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-states", localStack)
	succeeds(t, s.cli, "apply", "-auto-approve")

	before := s.stack(t, s.name)
	state := filepath.Join(s.cli.Dir, "terraform.tfstate")

	// The other one has an artifact store of its own.
	must(t, os.Rename(state, state+".mine"))
	s.write(t, strings.Replace(localStack, "./artifacts", "./theirs", 1))
	s.fails(t, []string{"Cannot create registration", `Stack "reg-states" is on the server already`, "terraform import mlstacks_stack_registration"},
		"apply", "-auto-approve")
	must(t, os.Rename(state+".mine", state))
	s.write(t, localStack)

	after := s.stack(t, s.name)
	if after.ID != before.ID || after.Labels["mlstacks:registration"] != before.Labels["mlstacks:registration"] || after.Labels["mlstacks:unfinished"] != nil {
		t.Errorf("the stack is %v", after)
	}

	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}

// A component that another registration makes, and that no stack has yet, is not changed under its hands.
func TestRegistration_RefusesAComponentThatAnotherMakes(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-race", trackedStack("one"))
	other := zenserver.Component{
		Name: s.name, Type: "experiment_tracker", Flavor: "wandb", Labels: map[string]any{"mlstacks:stack": "another"},
		Configuration: map[string]any{"project_name": "two", "entity": "acme", "api_key": "{{theirs.api_key}}"},
	}

	theirs, err := s.client.CreateComponent(t.Context(), other)
	must(t, err)

	s.write(t, withSecrets(trackedStack("one")))
	s.fails(t, []string{"Cannot create registration", `Experiment tracker "reg-race" is on the server already`, `made for stack "another"`, "no stack"},
		"apply", "-auto-approve")

	if is := s.component(t, "experiment_tracker", s.name); is.Configuration["project_name"] != "two" {
		t.Errorf("it is configured as %v", is.Configuration)
	}

	succeeds(t, s.cli, "destroy", "-auto-approve")
	must(t, s.client.DeleteComponent(t.Context(), theirs.ID))
	s.leavesNothing(t)
}

// An artifact store that runs have left something in stays when the stack gets another one.
func TestRegistration_KeepsStoresThatHoldArtifacts(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-holds", localStack)
	succeeds(t, s.cli, "apply", "-auto-approve")

	if report := s.server.Client(t).RunPipeline(t, zenml.RunRequest{Stack: s.name}); report.Status != "completed" {
		t.Fatalf("the run ended as %s", report.Status)
	}

	before := s.component(t, "artifact_store", s.name)

	s.write(t, strings.Replace(localStack, `"mlstacks_artifact_store" "main" {
  name  = "NAME"
  local = { path = "./artifacts", force_destroy = true }`, `"mlstacks_artifact_store" "main" {
  name  = "NAME-b"
  azure_blob = { path = "az://artifacts/prod" }`, 1))

	output, err := s.cli.Run(t, "apply", "-auto-approve")
	if err != nil || !acctest.SaysAll("reg-holds", "stays on the server", "zenml artifact-store delete").MatchString(output) {
		t.Fatalf("%v\n%s", err, output)
	}

	found, err := s.client.ComponentsByID(t.Context(), []string{before.ID})
	must(t, err)

	if len(found) != 1 {
		t.Error("the artifact store is gone, and what runs have left cannot be loaded")
	}

	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	must(t, s.client.DeleteComponent(t.Context(), before.ID))
	s.leavesNothing(t, s.name+"-b")
}

func TestRegistration_ShowsDriftAndRepairsIt(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-drift", withSecrets(trackedStack("one")))

	succeeds(t, s.cli, "apply", "-auto-approve")

	tracker := s.component(t, "experiment_tracker", s.name)
	tracker.Configuration["project_name"] = "edited"
	_, err := s.client.UpdateComponent(t.Context(), tracker)
	must(t, err)

	output, err := s.cli.Run(t, "plan", "-detailed-exitcode")
	if err == nil || !strings.Contains(output, "is configured otherwise: project_name") {
		t.Fatalf("the plan does not show what differs: %v\n%s", err, output)
	}

	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")

	// All gone, by hand.
	must(t, s.client.DeleteStack(t.Context(), s.stack(t, s.name).ID))
	must(t, s.client.DeleteComponent(t.Context(), tracker.ID))
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	s.stack(t, s.name)

	// A server that does not answer takes nothing out of the state.
	s.proxy.Fail(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<html><body>nobody home</body></html>"))

		return true
	})
	s.fails(t, []string{"Cannot read registration", "no ZenML", "nobody home"}, "plan")
	s.proxy.Fail(nil)
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}
