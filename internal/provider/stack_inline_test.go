package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// inline is a stack whose store is written in place.
func inline(store map[string]string) string {
	var written []string
	for _, name := range slices.Sorted(maps.Keys(store)) {
		written = append(written, "    "+name+" = "+store[name])
	}

	return `
resource "mlstacks_orchestrator" "local" {
  name  = "local"
  local = {}
}

resource "mlstacks_stack" "x" {
  name           = "x"
  orchestrator   = mlstacks_orchestrator.local
  artifact_store = {
` + strings.Join(written, "\n") + `
  }
}
`
}

// What is written in place of a component is refused at plan when it is none, not at apply.
func TestStack_RefusesWhatIsNoComponent(t *testing.T) {
	t.Parallel()

	whole := map[string]string{
		"name": `"here"`, "type": `"artifact_store"`, "flavor": `"local"`, "zenml": `{ flavor = "local", configuration = { path = "/x" } }`,
	}

	for name, c := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no name":                  {map[string]string{"name": `""`}, "a component has a name, and this has none"},
		"bad name":                 {map[string]string{"name": `"a b"`}, `"a b" is no name of a component`},
		"no type":                  {map[string]string{"type": `""`}, "a component has a type, and this has none"},
		"no flavor":                {map[string]string{"flavor": `""`}, "a component has a flavor, and this has none"},
		"no such flavor":           {map[string]string{"flavor": `"locall"`}, `there is no flavor "locall" of artifact_store`},
		"custom flavor of no name": {map[string]string{"flavor": `"custom/"`}, `"custom/" names no flavor`},
		"not in ZenML's names":     {map[string]string{"zenml": "null"}, `ZenML calls the flavor local "local", and zenml is null`},
		"another flavor for ZenML": {map[string]string{"zenml": `{ flavor = "s3", configuration = {} }`}, `ZenML calls the flavor local "local", and zenml.flavor is "s3"`},
		"no flavor for ZenML":      {map[string]string{"zenml": `{ flavor = "", configuration = {} }`}, "zenml has no flavor"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			store := maps.Clone(whole)
			maps.Copy(store, c.change)
			acctest.Run(t, resource.TestStep{Config: inline(store), PlanOnly: true, ExpectError: acctest.SaysAll(c.says, "stack-slot-component")})
		})
	}

	acctest.Run(t, resource.TestStep{Config: inline(whole)})
}

// A list takes plain objects, in which anything may be null.
func TestStack_RefusesWhatIsNoComponentInAList(t *testing.T) {
	t.Parallel()

	whole := map[string]string{
		"name": `"here"`, "type": `"alerter"`, "flavor": `"slack"`, "uri": "null", "provides": "null",
		"zenml": `{ flavor = "slack", configuration = {} }`, "connector": "null",
	}

	for name, c := range map[string]struct {
		change map[string]string
		says   string
	}{
		"no name":       {map[string]string{"name": "null"}, "a component has a name"},
		"no type":       {map[string]string{"type": "null"}, "a component has a type"},
		"no flavor":     {map[string]string{"flavor": "null"}, "a component has a flavor"},
		"no settings":   {map[string]string{"zenml": `{ flavor = "slack", configuration = null }`}, "zenml has no configuration"},
		"odd connector": {map[string]string{"connector": `{ type = null, name = "c", resource_types = null }`}, "the connector has no type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			alerter := maps.Clone(whole)
			maps.Copy(alerter, c.change)

			var written []string
			for _, key := range slices.Sorted(maps.Keys(alerter)) {
				written = append(written, key+" = "+alerter[key])
			}

			config := strings.ReplaceAll(inline(map[string]string{
				"name": `"here"`, "type": `"artifact_store"`, "flavor": `"local"`, "zenml": `{ flavor = "local", configuration = {} }`,
			}), "  orchestrator   =", "  additional_alerters = [{ "+strings.Join(written, ", ")+" }]\n  orchestrator   =")

			acctest.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: acctest.SaysAll(c.says, "stack-slot-component")})
		})
	}
}

// found wants exactly these findings, each as a rule and what its fix says.
func found(config string, findings ...[2]string) resource.TestStep {
	var wanted []knownvalue.Check
	for _, f := range findings {
		wanted = append(wanted, knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"rule": knownvalue.StringExact(f[0]), "severity": knownvalue.StringExact("warning"), "fix": knownvalue.StringRegexp(acctest.Says(f[1])),
		}))
	}

	return resource.TestStep{Config: config, ConfigStateChecks: []statecheck.StateCheck{
		statecheck.ExpectKnownValue("mlstacks_stack.x", tfjsonpath.New("findings"), knownvalue.ListExact(wanted)),
	}}
}

func TestStack_WarnsThatZenMLCannotImportIt(t *testing.T) {
	t.Parallel()

	acctest.Run(t, found(`
resource "mlstacks_stack" "x" {
  name           = "x"
  orchestrator   = { name = "repro", type = "orchestrator", flavor = "dvc", uri = "/repository" }
  artifact_store = { name = "here", type = "artifact_store", flavor = "local", zenml = { flavor = "local", configuration = { path = "/x" } } }
}
`, [2]string{"zenml-cannot-import", "Use an orchestrator that ZenML has"}))
}

func TestStack_SuggestsTheFlavorThatTakesAServer(t *testing.T) {
	t.Parallel()

	acctest.Run(t, found(remoteParts+`
resource "mlstacks_orchestrator" "rented" {
  name           = "rented"
  skypilot_azure = {}
}

resource "mlstacks_image_builder" "local" {
  name  = "local"
  local = {}
}

resource "mlstacks_stack" "x" {
  name               = "x"
  orchestrator       = mlstacks_orchestrator.rented
  artifact_store     = mlstacks_artifact_store.blob
  container_registry = mlstacks_container_registry.images
  image_builder      = mlstacks_image_builder.local
  experiment_tracker = {
    name = "tracker", type = "experiment_tracker", flavor = "mlflow_local", zenml = { flavor = "mlflow", configuration = { tracking_uri = "sqlite:////m.db" } }
  }
  waive = ["skypilot-needs-remote-parts"]
}
`, [2]string{"skypilot-needs-remote-parts", "As experiment_tracker use one of:"}, [2]string{"mlflow-prefers-server", "Use the flavor mlflow_server"}))
}
