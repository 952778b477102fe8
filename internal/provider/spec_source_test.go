package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// specFiles writes files into a directory of their own.
func specFiles(t *testing.T, files map[string]string) string {
	t.Helper()

	dir := t.TempDir()
	for name, text := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}

	return dir
}

// laptopSpec is a stack of the tool with a component of every type that stacks on a laptop need.
func laptopSpec() map[string]string {
	return map[string]string{
		"stack.yaml":           specStack("k3d", "laptop", "default_region: local\ndefault_tags:\n  team: ml\n", "store.yaml", "parts/registry.yaml", "pipelines.yaml", "runs.yaml"),
		"store.yaml":           specComponent("k3d", "artifact_store", "minio", "artifacts", "bucket_name: artifacts"),
		"parts/registry.yaml":  specComponent("k3d", "container_registry", "default", "images"),
		"pipelines.yaml":       specComponent("k3d", "orchestrator", "kubernetes", "pipelines"),
		"runs.yaml":            specComponent("k3d", "experiment_tracker", "mlflow", "runs", "experiment_name: churn"),
		"elsewhere/other.yaml": specComponent("k3d", "artifact_store", "minio", "other"),
	}
}

func TestStackSpec_ComponentsFeedResourcesWithForEach(t *testing.T) {
	t.Parallel()

	config := fmt.Sprintf(`
data "mlstacks_stack_spec" "old" {
  path = "stack.yaml"
  base = %q
}

locals { components = data.mlstacks_stack_spec.old.components }

resource "mlstacks_cluster" "main" {
  name = "spec-for-each"
  k3d  = { registry = {} }
}

resource "mlstacks_artifact_store" "this" {
  for_each = { for key, c in local.components : key => c if c.type == "artifact_store" && c.flavor == "minio" }
  name     = each.value.name
  cluster  = mlstacks_cluster.main
  minio    = { bucket = each.value.configuration.bucket }
}

resource "mlstacks_experiment_tracker" "this" {
  for_each = { for key, c in local.components : key => c if c.type == "experiment_tracker" }
  name     = each.value.name
  cluster  = mlstacks_cluster.main
  mlflow   = { experiment_name = each.value.configuration.experiment_name }
}
`, specFiles(t, laptopSpec()))

	acctest.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true})
}

func TestStackSpec_TellsWhatTheFilesSay(t *testing.T) {
	t.Parallel()

	at := func(name string, path tfjsonpath.Path, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.mlstacks_stack_spec."+name, path, value)
	}
	dir := specFiles(t, laptopSpec())
	text := knownvalue.StringExact
	component := func(flavor, kind, file string, configuration map[string]knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"name": knownvalue.NotNull(), "type": text(kind), "flavor": text(flavor), "built_in": knownvalue.Bool(true), "provider": text("k3d"), "region": text("local"),
			"configuration": knownvalue.MapExact(configuration), "labels": knownvalue.MapSizeExact(0), "file": text(file),
		})
	}

	acctest.Run(t, resource.TestStep{
		Config: fmt.Sprintf(`data "mlstacks_stack_spec" "a" {
  path             = "%[1]s/stack.yaml"
  remote_state_url = "gs://acme-state"
}

data "mlstacks_stack_spec" "bare" { path = "%[2]s/stack.yaml" }`, dir, specFiles(t, map[string]string{"stack.yaml": specStack("aws", "bare", "")})),
		ConfigStateChecks: []statecheck.StateCheck{
			at("a", tfjsonpath.New("name"), text("laptop")),
			at("a", tfjsonpath.New("provider_name"), text("k3d")),
			at("a", tfjsonpath.New("region"), text("local")),
			at("a", tfjsonpath.New("tags"), knownvalue.MapExact(map[string]knownvalue.Check{"team": text("ml")})),
			at("a", tfjsonpath.New("warnings"), knownvalue.ListSizeExact(0)),
			at("a", tfjsonpath.New("components"), knownvalue.MapExact(map[string]knownvalue.Check{
				"artifacts": component("minio", "artifact_store", dir+"/store.yaml", map[string]knownvalue.Check{"bucket": text("artifacts")}),
				"images":    component("k3d", "container_registry", dir+"/parts/registry.yaml", nil),
				"pipelines": component("kubernetes", "orchestrator", dir+"/pipelines.yaml", nil),
				"runs":      component("mlflow", "experiment_tracker", dir+"/runs.yaml", map[string]knownvalue.Check{"experiment_name": text("churn")}),
			})),
			at("a", tfjsonpath.New("hcl"), knownvalue.StringRegexp(regexp.MustCompile(`(?s)backend "gcs" \{\s+bucket = "acme-state"\s+prefix = "mlstacks/laptop"`))),
			at("bare", tfjsonpath.New("region"), knownvalue.Null()),
			at("bare", tfjsonpath.New("components"), knownvalue.MapSizeExact(0)),
		},
	})
}

// Everything that is wrong is said at once, each with file, line and column, and the CLI shows the line of the path.
func TestStackSpec_EveryMistakeIsReportedAtOnce(t *testing.T) {
	t.Parallel()

	files := laptopSpec()
	files["stack.yaml"] = strings.Replace(files["stack.yaml"], "name: laptop", "name: my laptop", 1)
	files["store.yaml"] = strings.Replace(files["store.yaml"], "minio", "minoi", 1)
	files["runs.yaml"] = "spec_version: 1\n" + files["runs.yaml"]
	files["pipelines.yaml"] = "name: a: b\n"

	delete(files, "parts/registry.yaml")

	cli := acctest.NewCLI(t, `data "mlstacks_stack_spec" "old" { path = "specs/stack.yaml" }`)
	for name, text := range files {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(cli.Dir, "specs", name)), 0o755))
		must(t, os.WriteFile(filepath.Join(cli.Dir, "specs", name), []byte(text), 0o600))
	}

	output, err := cli.Run(t, "plan")
	if err == nil {
		t.Fatalf("it went through:\n%s", output)
	}

	for _, want := range []string{
		"specs/stack.yaml:3:7: \"my laptop\" is no name", "Rule: V1", "specs/stack.yaml:10:5: \"parts/registry.yaml\" does not exist", "Rule: V5",
		"specs/store.yaml:4:19: The tool offers no artifact store \"minoi\" on k3d.", "Did you mean \"minio\"?", "Rule: V3",
		"specs/pipelines.yaml:1:8:", "Rule: spec-syntax", "specs/runs.yaml:2:1: \"spec_version\" stands at line 1 already.", "Rule: spec-duplicate-key",
		"with data.mlstacks_stack_spec.old", `data "mlstacks_stack_spec" "old" { path = "specs/stack.yaml" }`,
	} {
		if !acctest.Says(want).MatchString(output) {
			t.Errorf("nothing of %q in\n%s", want, output)
		}
	}
}

func TestStackSpec_WaitsForAPathThatIsNotKnown(t *testing.T) {
	t.Parallel()

	dir := specFiles(t, laptopSpec())

	acctest.Run(t, resource.TestStep{Config: fmt.Sprintf(`
resource "terraform_data" "where" { input = %q }
data "mlstacks_stack_spec" "old" { path = terraform_data.where.output }
output "name" { value = data.mlstacks_stack_spec.old.name }
`, dir+"/stack.yaml"), Check: resource.TestCheckOutput("name", "laptop")})
}

// A project is migrated by the two commands of the documentation: what the output holds plans in a directory of its own.
func TestStackSpec_OutputMigratesAProject(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, `data "mlstacks_stack_spec" "old" { path = "${path.module}/stack.yaml" }
output "hcl" { value = data.mlstacks_stack_spec.old.hcl }`)
	for name, text := range laptopSpec() {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(cli.Dir, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(cli.Dir, name), []byte(text), 0o600))
	}

	succeeds(t, cli, "apply", "-auto-approve")

	text, err := cli.Command(t.Context(), "output", "-raw", "hcl").Output()
	must(t, err)

	fresh := acctest.NewCLI(t, "")
	must(t, os.WriteFile(filepath.Join(fresh.Dir, "main.tf"), text, 0o600))

	output, err := fresh.Run(t, "plan")
	if err != nil || !strings.Contains(output, "Plan: 7 to add") {
		t.Errorf("%v\n%s", err, output)
	}
}
