package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog/amazon"
)

const examples = "../../examples"

// Every example plans as it stands. What needs no cluster of it applies too, and a second plan has nothing to do; what
// lives in clusters is applied by the tests that have one. What lives in AWS is applied where there is a double of it, and
// otherwise planned with a login that knows whose it is and nothing else. The examples of refusal are planned in tests of
// their own.
func TestExamples_Apply(t *testing.T) {
	t.Parallel()

	for _, file := range exampleFiles(t) {
		if strings.Contains(file, "refused") {
			continue
		}

		t.Run(strings.TrimPrefix(file, examples+"/"), func(t *testing.T) {
			t.Parallel()

			whole := configuration(t, file)
			inAWS := without(t, whole, isInAWS) != whole
			clustered := without(t, whole, isClustered) != whole
			unmakeable := without(t, whole, isUnmakeable) != whole

			if inAWS && os.Getenv(aws.Variable) != "" {
				double := aws.Start(t)
				whole = loggedIn(t, strings.ReplaceAll(whole, "acme-ml-artifacts", "acme-ml-"+double.Account), double.Block())
				inAWS = false
			} else if inAWS {
				whole = loggedIn(t, whole, aws.Identity(t))
			}

			switch {
			case !clustered && !inAWS && !unmakeable && strings.Contains(whole, "for_each"):
				// The test framework cannot read a state with keys.
				cli := acctest.NewCLI(t, whole)
				succeeds(t, cli, "apply", "-auto-approve")
				succeeds(t, cli, "plan", "-detailed-exitcode")
				succeeds(t, cli, "destroy", "-auto-approve")
			case !clustered && !inAWS && !unmakeable:
				acctest.Run(t, resource.TestStep{Config: whole})
			case asksClusters(whole):
				t.Log("looks at a cluster while it plans: the tests that have one plan it")
			default:
				acctest.Run(t, resource.TestStep{Config: whole, PlanOnly: true, ExpectNonEmptyPlan: true})
			}

			rest := without(t, whole, func(block *hclwrite.Block) bool {
				return isClustered(block) || isUnmakeable(block) || inAWS && isInAWS(block)
			})
			if rest != whole && strings.Contains(file, "/resources/") && strings.Contains(rest, "resource ") {
				acctest.Run(t, resource.TestStep{Config: rest})
			}
		})
	}
}

// without leaves out blocks, and those that refer to what was left out.
func without(t *testing.T, config string, unwanted func(*hclwrite.Block) bool) string {
	t.Helper()

	file, diags := hclwrite.ParseConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	var gone []*regexp.Regexp

	refers := func(block *hclwrite.Block) bool {
		text := block.BuildTokens(nil).Bytes()

		return slices.ContainsFunc(gone, func(address *regexp.Regexp) bool { return address.Match(text) })
	}

	for again := true; again; {
		again = false

		for _, block := range file.Body().Blocks() {
			if !unwanted(block) && !refers(block) || !file.Body().RemoveBlock(block) {
				continue
			}

			again = true

			if labels := block.Labels(); block.Type() == "resource" {
				gone = append(gone, regexp.MustCompile(`\b`+regexp.QuoteMeta(labels[0]+"."+labels[1])+`\b`))
			} else if block.Type() == "locals" {
				gone = append(gone, regexp.MustCompile(`\blocal\.`))
			}
		}
	}

	return string(file.Bytes())
}

// isClustered says that a block is a cluster, or lives in one.
func isClustered(block *hclwrite.Block) bool {
	return strings.Contains(string(block.BuildTokens(nil).Bytes()), "mlstacks_cluster")
}

// isUnmakeable says that a block wants what neither a new account nor its double has: subnets, App Runner, or CloudWatch as
// it is spoken to today; or a server that is somebody's.
func isUnmakeable(block *hclwrite.Block) bool {
	return slices.ContainsFunc([]string{"app_runner", "rds", "eks", "cloudwatch", "zenml_server"}, func(name string) bool {
		return block.Type() == "resource" && block.Body().GetAttribute(name) != nil
	})
}

// isInAWS says that a block is a component of a flavor in AWS.
func isInAWS(block *hclwrite.Block) bool {
	if block.Type() != "resource" {
		return false
	}

	for _, kind := range append(catalog.Kinds(), catalog.Cluster()) {
		for _, f := range kind.Flavors {
			if f.Cloud == amazon.Cloud && block.Labels()[0] == "mlstacks_"+kind.Name && block.Body().GetAttribute(f.Name) != nil {
				return true
			}
		}
	}

	return false
}

// loggedIn is a configuration with this provider block in the place of its own ones.
func loggedIn(t *testing.T, config, provider string) string {
	t.Helper()

	file, diags := hclwrite.ParseConfig([]byte(config), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	for _, block := range file.Body().Blocks() {
		if block.Type() == "provider" {
			file.Body().RemoveBlock(block)
		} else {
			block.Body().RemoveAttribute("provider")
		}
	}

	return string(file.Bytes()) + "\n" + provider
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
		if entry != nil && entry.IsDir() && entry.Name() == "actions" {
			return filepath.SkipDir // blocks that only Terraform 1.14 and later can read; a test of their own reads them
		}

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

	specs, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.yaml")) // what the example reads
	must(t, err)

	for _, spec := range specs {
		text, err := os.ReadFile(spec)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(own, filepath.Base(spec)), text, 0o600))
	}

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
