package provider_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/compose"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/spec"
)

// specTable is what the mlstacks tool took, by provider and component type.
func specTable() map[string]map[string][]string {
	return map[string]map[string][]string{
		"aws": {
			"artifact_store": {"s3"}, "container_registry": {"aws"}, "experiment_tracker": {"mlflow"}, "mlops_platform": {"zenml"}, "model_deployer": {"seldon"},
			"orchestrator": {"kubeflow", "kubernetes", "sagemaker", "skypilot", "tekton"}, "step_operator": {"sagemaker"},
		},
		"gcp": {
			"artifact_store": {"gcp"}, "container_registry": {"gcp"}, "experiment_tracker": {"mlflow"}, "mlops_platform": {"zenml"}, "model_deployer": {"seldon"},
			"orchestrator": {"kubeflow", "kubernetes", "skypilot", "tekton", "vertex"}, "step_operator": {"vertex"},
		},
		"k3d": {
			"artifact_store": {"minio"}, "container_registry": {"default"}, "experiment_tracker": {"mlflow"}, "mlops_platform": {"zenml"}, "model_deployer": {"seldon"},
			"orchestrator": {"kubeflow", "kubernetes", "sagemaker", "tekton"},
		},
	}
}

func specStack(provider, name string, more string, files ...string) string {
	text := fmt.Sprintf("spec_version: 1\nspec_type: stack\nname: %s\nprovider: %s\n%scomponents:\n", name, provider, more)
	for _, file := range files {
		text += "  - " + file + "\n"
	}

	return text
}

func specComponent(provider, kind, flavor, name string, config ...string) string {
	text := fmt.Sprintf("spec_version: 1\nspec_type: component\ncomponent_type: %s\ncomponent_flavor: %s\nname: %s\nprovider: %s\n", kind, flavor, name, provider)
	if len(config) > 0 {
		text += "metadata:\n  config:\n    " + strings.Join(config, "\n    ") + "\n"
	}

	return text
}

// specConfigurations are configurations by names: one for each provider, type and flavor, bare and configured, and for
// each provider one of everything that goes together.
func specConfigurations(t *testing.T) map[string]string {
	t.Helper()

	all := map[string]string{}
	add := func(name, stack string, components ...string) {
		s, problems := spec.Parse(stack, components, spec.Options{})
		for _, p := range problems {
			if p.Severity == compose.Error {
				t.Errorf("%s: %s: %s", name, p, p.Message)
			}
		}

		all[name] = s.HCL
	}

	const configured = "default_tags:\n  team: \"ml ops\"\n  \"cost/center\": \"${12}\"\n"

	regions := map[string]string{"aws": "eu-west-1", "gcp": "europe-west3", "k3d": "local"}

	for provider, kinds := range specTable() {
		region := "default_region: " + regions[provider] + "\n"

		for kind, flavors := range kinds {
			for _, flavor := range flavors {
				name := provider + "-" + kind + "-" + flavor
				add(name, specStack(provider, name, "", "one.yaml"), specComponent(provider, kind, flavor, "The_"+flavor, "project_id: acme"))
				add(name+"-configured", specStack(provider, name+"-c", configured+region, "one.yaml"), specComponent(provider, kind, flavor, "1st", "project_id: acme",
					"bucket_name: acme-ml", "repo_name: acme/ml", "mlflow_bucket: acme-runs", "mlflow-username: ada", "zenml-username: ada", "experiment_name: churn"))
			}
		}
	}

	for provider, orchestrator := range map[string]string{"aws": "sagemaker", "gcp": "vertex", "k3d": "kubernetes"} {
		var files, components []string

		for kind, flavors := range specTable()[provider] {
			flavor := flavors[0]
			if kind == "orchestrator" {
				flavor = orchestrator
			}

			files = append(files, kind+".yaml")
			components = append(components, specComponent(provider, kind, flavor, "all", "project_id: acme", "bucket_name: acme-all"))
		}

		add(provider+"-everything", specStack(provider, provider+"_everything", "default_region: "+regions[provider]+"\n", files...), components...)
	}

	return all
}

var declaredVariable = regexp.MustCompile(`(?m)^variable "(\w+)"`)

// called is a configuration that calls others as modules, which lie in directories of its own.
func called(t *testing.T, dir string, configurations map[string]string) {
	t.Helper()

	values := map[string]string{"bucket": "acme-ml", "kube_context": "gke_acme_europe-west3_ml", "region": "europe-west3"}

	var calls strings.Builder

	for name, text := range configurations {
		must(t, os.Mkdir(filepath.Join(dir, name), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, name, "main.tf"), []byte(text), 0o600))
		fmt.Fprintf(&calls, "module %q {\n  source = \"./%s\"\n", name, name)

		for _, variable := range declaredVariable.FindAllStringSubmatch(text, -1) {
			fmt.Fprintf(&calls, "  %s = %q\n", variable[1], values[variable[1]])
		}

		calls.WriteString("}\n")
	}

	must(t, os.WriteFile(filepath.Join(dir, "modules.tf"), []byte(calls.String()), 0o600))
}

// The text of every spec is a configuration that the real CLI plans, where a login is. All are in one plan, and so with one
// provider block for all.
func TestStackSpec_ConfigurationsOfEveryFlavorPlan(t *testing.T) {
	t.Parallel()

	configurations := specConfigurations(t)
	for name, text := range configurations {
		configurations[name] = loggedIn(t, text, "")
	}

	cli := acctest.NewCLI(t, aws.Identity(t))
	called(t, cli.Dir, configurations)
	must(t, os.Mkdir(filepath.Join(cli.Dir, ".kube"), 0o755))
	must(t, os.WriteFile(filepath.Join(cli.Dir, ".kube", "config"), []byte(gkeConfig), 0o600))
	succeeds(t, cli, "get")

	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute) // some 500 resources, beside all other tests
	defer cancel()

	if output, err := cli.Command(ctx, "plan").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}

	t.Logf("report: %d stacks of the mlstacks tool planned in %s", len(configurations), time.Since(begun).Round(time.Second/10))
}

// As they stand, with blocks for requirements and provider, the real CLI takes them, too. Each is a process of the provider.
func TestStackSpec_ConfigurationsValidateAsTheyStand(t *testing.T) {
	t.Parallel()

	stand := map[string]string{}

	for name, text := range specConfigurations(t) {
		if strings.HasSuffix(name, "-everything") || strings.HasSuffix(name, "-mlflow-configured") {
			stand[name] = text
		}
	}

	if len(stand) != 6 {
		t.Fatalf("%d configurations", len(stand))
	}

	cli := acctest.NewCLI(t, "")
	called(t, cli.Dir, stand)
	succeeds(t, cli, "get")
	succeeds(t, cli, "validate")
}

// gkeConfig leads to a cluster that is not there.
const gkeConfig = `apiVersion: v1
kind: Config
contexts: [{ name: gke_acme_europe-west3_ml, context: { cluster: ml, user: me } }]
clusters: [{ name: ml, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: me, user: { token: none } }]
`

// The text is formatted as the CLI formats, and not only as the library does.
func TestStackSpec_ConfigurationsAreFormatted(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, "")
	called(t, cli.Dir, specConfigurations(t))
	must(t, os.Remove(filepath.Join(cli.Dir, "modules.tf")))
	must(t, os.Remove(filepath.Join(cli.Dir, "main.tf")))

	succeeds(t, cli, "fmt", "-check", "-recursive", "-diff")
}

// When the catalog gets a flavor of the tool, its components are to be written as such: this says so.
func TestStackSpec_KnowsWhichFlavorsAreBuiltIn(t *testing.T) {
	t.Parallel()

	for provider, kinds := range specTable() {
		for _, kind := range catalog.Kinds() {
			for _, flavor := range kinds[kind.Name] {
				s, _ := spec.Parse(specStack(provider, "s", "", "a"), []string{specComponent(provider, kind.Name, flavor, "c", "project_id: acme")}, spec.Options{})
				if len(s.Components) != 1 {
					t.Fatalf("%s %s %s: %d components", provider, kind.Name, flavor, len(s.Components))
				}

				c := s.Components[0]
				if _, there := kind.Flavor(c.Flavor); there != c.BuiltIn {
					t.Errorf("%s %s: in the catalog %t, in the table of specs %t", kind.Name, c.Flavor, there, c.BuiltIn)
				}
			}
		}
	}
}
