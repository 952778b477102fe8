package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
)

const examples = "../../examples"

// Every example plans as it stands. What needs no cluster of it applies too, and a second plan has nothing to do; what
// lives in clusters is applied by the tests that have one. The examples of refusal are planned in tests of their own.
func TestExamples_Apply(t *testing.T) {
	t.Parallel()

	for _, file := range exampleFiles(t) {
		if strings.Contains(file, "refused") {
			continue
		}

		t.Run(strings.TrimPrefix(file, examples+"/"), func(t *testing.T) {
			t.Parallel()

			whole := configuration(t, file)
			rest, clustered := withoutClusters(t, whole)

			switch {
			case !clustered:
				acctest.Run(t, resource.TestStep{Config: whole})
			case asksClusters(whole):
				t.Log("looks at a cluster while it plans: the tests that have one plan it")
			default:
				acctest.Run(t, resource.TestStep{Config: whole, PlanOnly: true, ExpectNonEmptyPlan: true})
			}

			if clustered && strings.Contains(file, "/resources/") && strings.Contains(rest, "resource ") {
				acctest.Run(t, resource.TestStep{Config: rest})
			}
		})
	}
}

// withoutClusters leaves out clusters and what lives in them.
func withoutClusters(t *testing.T, config string) (rest string, clustered bool) {
	t.Helper()

	file, diags := hclwrite.ParseConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	for _, block := range file.Body().Blocks() {
		if text := string(block.BuildTokens(nil).Bytes()); strings.Contains(text, "mlstacks_cluster") {
			file.Body().RemoveBlock(block)

			clustered = true
		}
	}

	return string(file.Bytes()), clustered
}

func asksClusters(config string) bool {
	return strings.Contains(config, `data "mlstacks_cluster"`) || strings.Contains(config, "ephemeral ")
}

func TestExamples_RefusedStackIsRefused(t *testing.T) {
	t.Parallel()

	config := configuration(t, filepath.Join(examples, "stacks", "refused", "main.tf"))
	acctest.Run(t, resource.TestStep{Config: config, PlanOnly: true, ExpectError: acctest.Says("Rule: skypilot-needs-remote-parts")})
}

func exampleFiles(t *testing.T) []string {
	t.Helper()

	var files []string

	must(t, filepath.WalkDir(examples, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) == ".tf" {
			files = append(files, path)
		}

		return err
	}))

	if len(files) == 0 {
		t.Fatal("no examples found")
	}

	return files
}

// configuration is an example as the test framework wants it: it brings its own provider requirements, and paths that
// start in the working directory start in a directory of the test's own.
func configuration(t *testing.T, path string) string {
	t.Helper()

	text, err := os.ReadFile(path)
	must(t, err)

	file, diags := hclwrite.ParseConfig(text, path, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	for _, block := range file.Body().Blocks() {
		if block.Type() == "terraform" {
			file.Body().RemoveBlock(block)
		}
	}

	own := t.TempDir()
	config := strings.ReplaceAll(string(file.Bytes()), `"./`, `"`+own+`/`)

	return strings.ReplaceAll(config, "${path.module}", own)
}

func TestExamples_EveryFlavorHasOne(t *testing.T) {
	t.Parallel()

	for _, kind := range append(catalog.Kinds(), catalog.Cluster()) {
		folder := filepath.Join(examples, "resources", "mlstacks_"+kind.Name)

		text, err := os.ReadFile(filepath.Join(folder, "resource.tf"))
		if err != nil {
			t.Errorf("%s: %v", kind.Name, err)

			continue
		}

		for _, f := range kind.Flavors {
			block := regexp.MustCompile(`(?s)resource "mlstacks_` + kind.Name + `" "` + f.Name + `" \{[^\n]*\n(?:[^}].*?\n)?  ` + f.Name + ` +=`)
			if !block.Match(text) {
				t.Errorf("flavor %s.%s has no example: resource.tf needs a resource %q that sets it", kind.Name, f.Name, f.Name)
			}
		}

		line, err := os.ReadFile(filepath.Join(folder, "import.sh"))
		if err != nil {
			t.Errorf("%s: %v", kind.Name, err)

			continue
		}

		command := regexp.MustCompile(`(?m)^terraform import mlstacks_` + kind.Name + `\.\w+ "?([a-z0-9_]+)/\S+`).FindSubmatch(line)
		if command == nil {
			t.Errorf("%s: import.sh has no import of the form <flavor>/<identifier>", kind.Name)

			continue
		}

		if _, ok := kind.Flavor(string(command[1])); !ok && string(command[1]) != "custom" {
			t.Errorf("%s: import.sh imports the flavor %s, which there is none of", kind.Name, command[1])
		}
	}
}
