package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// heredoc is a text in a configuration.
func heredoc(text string) string {
	return "<<-TEXT\n" + strings.ReplaceAll(text, "${", "$${") + "TEXT\n"
}

func TestStackSpecFunction_SaysTheSameAsTheDataSource(t *testing.T) {
	t.Parallel()

	files := laptopSpec()
	config := fmt.Sprintf(`
locals {
  store = %s
  spec  = provider::mlstacks::stack_spec(file("%[2]s/stack.yaml"), local.store, [for name in ["parts/registry", "pipelines", "runs"] : file("%[2]s/${name}.yaml")]...)
}

data "mlstacks_stack_spec" "files" { path = "%[2]s/stack.yaml" }

output "same" {
  value = alltrue(concat(
    [for name in ["name", "provider_name", "region", "tags", "warnings", "hcl"] : local.spec[name] == data.mlstacks_stack_spec.files[name]],
    [for key, c in data.mlstacks_stack_spec.files.components : merge(c, { file = "" }) == merge(local.spec.components[key], { file = "" })],
  ))
}
output "bucket" { value = local.spec.components["artifacts"].configuration.bucket }
output "file" { value = local.spec.components["images"].file }
`, heredoc(files["store.yaml"]), specFiles(t, files))

	acctest.Run(t, resource.TestStep{Config: config, Check: resource.ComposeTestCheckFunc(
		resource.TestCheckOutput("same", "true"), resource.TestCheckOutput("bucket", "artifacts"), resource.TestCheckOutput("file", "component_yaml[1] (parts/registry.yaml)"),
	)})
}

func TestStackSpecFunction_RefusesTheArgumentAtFaultWithEverything(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ arguments, says string }{
		"stack": {
			heredoc(specStack("k3d", "a b", "", "c")) + ", " + heredoc(specComponent("k3d", "artifact_store", "s3", "c")),
			"Invalid value for \"stack_yaml\" parameter: stack_yaml:3:7: \"a b\" is no name of a stack.",
		},
		"component": {
			heredoc(specStack("k3d", "a", "", "c", "d")) + ", " + heredoc(specComponent("k3d", "artifact_store", "minio", "c")) + ", " +
				heredoc(specComponent("k3d", "container_registry", "ecr", "d")),
			"Invalid value for \"component_yaml\" parameter: component_yaml[1] (d):4:19: The tool offers no container registry \"ecr\" on k3d.",
		},
		"none":    {heredoc(specStack("k3d", "a", "", "c")), "\"c\" is component 1 of the stack, and there are 0 texts of components"},
		"further": {heredoc(specStack("k3d", "a", "")) + ", " + heredoc(specComponent("k3d", "artifact_store", "minio", "c")), "The stack names 0 components, and this is text 1"},
		"null":    {"null", "argument must not be null"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			acctest.Run(t, resource.TestStep{
				Config: "output \"x\" { value = provider::mlstacks::stack_spec(" + c.arguments + ") }", ExpectError: acctest.Says(c.says),
			})
		})
	}
}

func TestStackSpecFunction_WaitsForTextsThatAreNotKnown(t *testing.T) {
	t.Parallel()

	acctest.Run(t, resource.TestStep{Config: `
resource "terraform_data" "text" { input = "spec_version: 1\nspec_type: stack\nname: later\nprovider: aws\n" }
output "name" { value = provider::mlstacks::stack_spec(terraform_data.text.output).name }
`, Check: resource.TestCheckOutput("name", "later")})
}
