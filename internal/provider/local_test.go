package provider_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/catalog"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/flavor"
)

// local has each flavor with an object on this machine, at the places that the import lines of the examples name. What
// is written for MORE stands in each of them.
const local = `
resource "mlstacks_artifact_store" "local" {
  name  = "artifacts"
  local = { path = "./srv/ml/artifacts", force_destroy = true }
  MORE
}
resource "mlstacks_experiment_tracker" "mlflow_local" {
  name         = "mlflow"
  mlflow_local = { path = "./srv/ml/mlruns", force_destroy = true }
  MORE
}
resource "mlstacks_experiment_tracker" "sacred" {
  name   = "sacred"
  sacred = { path = "./srv/ml/sacred", force_destroy = true }
  MORE
}
resource "mlstacks_metadata_store" "sqlite" {
  name   = "sqlite"
  sqlite = { path = "./srv/ml/metadata.db", force_destroy = true }
  MORE
}
resource "mlstacks_metadata_store" "dvc" {
  name = "metadata"
  dvc  = { repository = "./srv/ml/repository", url = "./srv/ml/metadata" }
  MORE
}
resource "mlstacks_model_registry" "dvc" {
  name = "models"
  dvc  = { repository = "./srv/ml/repository", url = "s3://acme/models" }
  MORE
}
resource "mlstacks_orchestrator" "dvc" {
  name = "pipeline"
  dvc  = { repository = "./srv/ml/repository", stages = { train = { cmd = "true" } } }
  MORE
}
resource "mlstacks_secrets_manager" "local_file" {
  name       = "secrets"
  local_file = { path = "./srv/ml/secrets.json", force_destroy = true }
  MORE
}
resource "mlstacks_data_validator" "great_expectations" {
  name               = "expectations"
  great_expectations = { path = "./srv/ml/gx", force_destroy = true }
  MORE
}
`

// localCLI applies every flavor with an object on this machine.
func localCLI(t *testing.T, more string) (cli *acctest.CLI, root string) {
	t.Helper()

	cli = acctest.NewCLI(t, strings.ReplaceAll(local, "MORE", more))
	root = filepath.Join(cli.Dir, "srv", "ml")
	must(t, os.MkdirAll(filepath.Join(root, "repository"), 0o755))
	succeed(t, cli, "apply", "-auto-approve")

	return cli, root
}

// succeed runs a command of the CLI that has to succeed.
func succeed(t *testing.T, cli *acctest.CLI, arguments ...string) string {
	t.Helper()

	output, err := cli.Run(t, arguments...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", arguments, err, output)
	}

	return output
}

func nothingToDo(t *testing.T, cli *acctest.CLI) {
	t.Helper()
	succeed(t, cli, "plan", "-detailed-exitcode")
}

// appliesAndGoes applies, plans that there is nothing left to do, and destroys.
func appliesAndGoes(t *testing.T, cli *acctest.CLI) {
	t.Helper()
	succeed(t, cli, "apply", "-auto-approve")
	nothingToDo(t, cli)
	succeed(t, cli, "destroy", "-auto-approve")
}

// change is what a plan says of one resource.
type change struct {
	Address string `json:"address"`
	Change  struct {
		Actions []string       `json:"actions"`
		Before  map[string]any `json:"before"`
		After   map[string]any `json:"after"`
	} `json:"change"`
}

// differences lists the attributes that a plan changes, as dotted paths.
func (c change) differences() []string { return differ("", c.Change.Before, c.Change.After) }

func differ(at string, before, after any) []string {
	old, ok := before.(map[string]any)

	next, okToo := after.(map[string]any)
	if !ok || !okToo {
		if reflect.DeepEqual(before, after) {
			return nil
		}

		return []string{strings.TrimPrefix(at, ".")}
	}

	var all []string
	for name := range next {
		all = append(all, differ(at+"."+name, old[name], next[name])...)
	}

	return all
}

// planned returns what a plan says, as JSON and decoded.
func planned(t *testing.T, cli *acctest.CLI, arguments ...string) (text string, changes []change) {
	t.Helper()
	succeed(t, cli, append([]string{"plan", "-out=planned"}, arguments...)...)

	text = succeed(t, cli, "show", "-json", "planned")

	var plan struct {
		Changes []change `json:"resource_changes"`
	}

	must(t, json.Unmarshal([]byte(text), &plan))

	return text, plan.Changes
}

func TestLocal_ModeThatSomebodyChangedIsRepaired(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, `
resource "mlstacks_metadata_store" "x" {
  name   = "x"
  sqlite = { path = "./metadata.db" }
}`)
	file := filepath.Join(cli.Dir, "metadata.db")
	succeed(t, cli, "apply", "-auto-approve")
	must(t, os.Chmod(file, 0o644))

	_, changes := planned(t, cli)
	if len(changes) != 1 || !reflect.DeepEqual(changes[0].Change.Actions, []string{"update"}) ||
		!reflect.DeepEqual(changes[0].differences(), []string{"sqlite.mode"}) {
		t.Errorf("the plan says: %+v", changes)
	}

	succeed(t, cli, "apply", "planned")

	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("after the apply: %v, %v", info, err)
	}

	appliesAndGoes(t, cli)
}

func TestLocal_RaisedVersionWritesTheSecretsAfresh(t *testing.T) {
	t.Parallel()

	const first, second = "hunter2-first", "hunter2-second"

	cli := acctest.NewCLI(t, `
variable "token" {
  type      = string
  ephemeral = true
}
variable "round" { type = number }
resource "mlstacks_secrets_manager" "x" {
  name       = "x"
  local_file = { path = "./secrets.json", secrets_wo = { token = var.token }, secrets_wo_version = var.round }
}`)

	for _, step := range []struct {
		token, round, want string
		actions            []string
	}{
		{first, "1", first, []string{"create"}},
		{second, "1", first, []string{"no-op"}},
		{second, "2", second, []string{"update"}},
		{second, "2", second, []string{"no-op"}},
	} {
		text, changes := planned(t, cli, "-var=token="+step.token, "-var=round="+step.round)
		if len(changes) != 1 || !reflect.DeepEqual(changes[0].Change.Actions, step.actions) {
			t.Errorf("round %s plans %+v", step.round, changes)
		}

		succeed(t, cli, "apply", "-var=token="+step.token, "planned")

		content, err := os.ReadFile(filepath.Join(cli.Dir, "secrets.json"))
		if want := fmt.Sprintf("{\n  \"token\": %q\n}\n", step.want); err != nil || string(content) != want {
			t.Errorf("round %s wrote %q, want %q: %v", step.round, content, want, err)
		}

		state, err := os.ReadFile(filepath.Join(cli.Dir, "terraform.tfstate"))
		must(t, err)

		for what, told := range map[string]string{"plan": text, "state": string(state), "output": succeed(t, cli, "show")} {
			if strings.Contains(told, "hunter2") {
				t.Errorf("round %s: the %s tells a secret:\n%s", step.round, what, told)
			}
		}
	}
}

func TestLocal_CreateBeforeDestroyKeepsWhatItMadeAndWhatIsInIt(t *testing.T) {
	t.Parallel()

	cli, root := localCLI(t, "lifecycle { create_before_destroy = true }")
	artifact := filepath.Join(root, "artifacts", "model.pkl")
	must(t, os.WriteFile(artifact, []byte("weights"), 0o600))
	nothingToDo(t, cli)

	replace := []string{"apply", "-auto-approve"}
	for address := range strings.FieldsSeq(succeed(t, cli, "state", "list")) {
		replace = append(replace, "-replace="+address)
	}

	for range 2 {
		succeed(t, cli, replace...)
		nothingToDo(t, cli)

		if text, err := os.ReadFile(artifact); err != nil || string(text) != "weights" {
			t.Fatalf("the artifact is %q: %v", text, err)
		}
	}

	leavesNothing(t, cli, root)
}

// leavesNothing destroys, and looks for what is left but the repository, which was there before.
func leavesNothing(t *testing.T, cli *acctest.CLI, root string) {
	t.Helper()
	succeed(t, cli, "destroy", "-auto-approve")

	must(t, filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if path != root && path != filepath.Join(root, "repository") {
			t.Errorf("destroy left %s behind", path)
		}

		return err
	}))
}

// Terraform destroys the old address and creates the new one in whatever order it comes to them.
func TestLocal_RenameWithoutMovedKeepsTheObject(t *testing.T) {
	t.Parallel()

	cli, root := localCLI(t, "for_each = toset([\"old\"])")
	file := filepath.Join(cli.Dir, "main.tf")

	text, err := os.ReadFile(file)
	must(t, err)

	for _, to := range []string{"new", "newer", "newest"} {
		must(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), `"old"`, `"`+to+`"`)), 0o600))
		succeed(t, cli, "apply", "-auto-approve")
		nothingToDo(t, cli)
	}

	leavesNothing(t, cli, root)
}

// importLines are the identifiers in the examples by resource and flavor, for example "mlstacks_metadata_store.sqlite".
func importLines(t *testing.T) map[string]string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(examples, "resources", "*", "import.sh"))
	must(t, err)

	line := regexp.MustCompile(`(?m)^terraform import (\S+) "?([^"\s]+)"?$`)
	lines := map[string]string{}

	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)

		for _, match := range line.FindAllStringSubmatch(string(text), -1) {
			lines[match[1]] = match[2]
		}
	}

	return lines
}

func TestLocal_EveryFlavorIsImportedAsItsExampleSays(t *testing.T) {
	t.Parallel()

	lines := importLines(t)
	cli, root := localCLI(t, "")
	file := filepath.Join(cli.Dir, "main.tf")

	text, err := os.ReadFile(file)
	must(t, err)

	// The import finds absolute paths.
	must(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "./srv/ml", root)), 0o600))

	for _, kind := range catalog.Kinds() {
		for _, f := range kind.Flavors {
			address := "mlstacks_" + kind.Name + "." + f.Name
			if f.Records() || f.Clustered || f.Cloud != "" || f.Name == "custom" {
				continue
			}

			line, ok := lines[address]
			if !ok {
				t.Errorf("import.sh has no line that imports %s", address)

				continue
			}

			succeed(t, cli, "state", "rm", address)
			succeed(t, cli, "import", address, strings.Replace(line, "/srv/ml", root, 1))
		}
	}

	_, changes := planned(t, cli)
	if len(changes) == 0 {
		t.Error("the plan knows of nothing that was imported")
	}

	for _, c := range changes {
		for _, at := range c.differences() {
			if !strings.HasSuffix(at, ".force_destroy") || !reflect.DeepEqual(c.Change.Actions, []string{"update"}) {
				t.Errorf("%s: the plan would %v %s", c.Address, c.Change.Actions, at)
			}
		}
	}

	succeed(t, cli, "apply", "-auto-approve")
	nothingToDo(t, cli)
	leavesNothing(t, cli, root)
}

// importing reads what an identifier names, as an import does.
func importing(t *testing.T, kind flavor.Kind, f flavor.Flavor, identifier string) error {
	t.Helper()

	shape := map[string]attr.Type{}
	for name, attribute := range f.Attributes(kind) {
		shape[name] = attribute.GetType()
	}

	_, _, err := f.Read(t.Context(), flavor.Input{Kind: kind.Name, Managed: true}, identifier, types.ObjectNull(shape))

	return err
}

// An identifier of another form says which one is wanted, not that something is missing.
func TestLocal_BadImportIdentifierSaysWhichFormIsWanted(t *testing.T) {
	t.Parallel()

	for address, identifiers := range map[string][]string{
		"mlstacks_model_registry.dvc":                {"/srv/ml/models", "#models", "/srv/ml#", "srv/ml#models"},
		"mlstacks_metadata_store.dvc":                {"/srv/ml/metadata"},
		"mlstacks_orchestrator.dvc":                  {"/srv/ml/repository", "srv/ml/dvc.yaml", "pipeline"},
		"mlstacks_artifact_store.local":              {"srv/ml/artifacts", "artifacts"},
		"mlstacks_experiment_tracker.mlflow_local":   {"mlflow"},
		"mlstacks_experiment_tracker.sacred":         {"sacred"},
		"mlstacks_metadata_store.sqlite":             {"metadata.db"},
		"mlstacks_secrets_manager.local_file":        {"secrets.json"},
		"mlstacks_data_validator.great_expectations": {"gx"},
	} {
		kindName, flavorName, _ := strings.Cut(strings.TrimPrefix(address, "mlstacks_"), ".")

		for _, kind := range catalog.Kinds() {
			f, ok := kind.Flavor(flavorName)
			if kind.Name != kindName || !ok {
				continue
			}

			for _, identifier := range identifiers {
				var fault *flavor.AttributeError

				err := importing(t, kind, f, identifier)
				if !errors.As(err, &fault) || errors.Is(err, flavor.ErrNotFound) ||
					!strings.Contains(fault.Fix, "terraform import "+address+` "`+flavorName+"//") {
					t.Errorf("%s %q: %v, %+v", address, identifier, err, fault)
				}
			}
		}
	}

	cli := acctest.NewCLI(t, `
resource "mlstacks_model_registry" "x" {
  name = "x"
  dvc  = { repository = "./repository", url = "s3://acme/models" }
}`)

	output, err := cli.Run(t, "import", "mlstacks_model_registry.x", "dvc//srv/ml/models")
	if err == nil || !acctest.SaysAll("is not of the form", "terraform import mlstacks_model_registry.dvc").MatchString(output) ||
		acctest.Says("what was done is kept").MatchString(output) {
		t.Errorf("%v\n%s", err, output)
	}
}

func TestLocal_TildeIsRefusedAtPlan(t *testing.T) {
	t.Parallel()

	for _, config := range []string{
		`resource "mlstacks_artifact_store" "x" {
  name  = "x"
  local = { path = "~/artifacts" }
}`,
		`resource "mlstacks_model_registry" "x" {
  name = "x"
  dvc  = { repository = "~/repository", url = "s3://acme/models" }
}`,
		`resource "terraform_data" "home" { input = "~/artifacts" }
resource "mlstacks_artifact_store" "x" {
  name  = "x"
  local = { path = terraform_data.home.output }
}`,
	} {
		cli := acctest.NewCLI(t, config)

		output, err := cli.Run(t, "apply", "-auto-approve")
		if err == nil || !acctest.Says(`pathexpand("~/`).MatchString(output) {
			t.Errorf("%v\n%s", err, output)
		}

		if _, err := os.Lstat(filepath.Join(cli.Dir, "~")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("made a directory of that name: %v", err)
		}
	}
}

func TestLocal_OptionThatTurnsOutToBeNullIsNoInconsistency(t *testing.T) {
	t.Parallel()

	cli := acctest.NewCLI(t, `
resource "terraform_data" "later" { input = "x" }
locals { none = terraform_data.later.output == "x" ? null : "y" }
resource "mlstacks_experiment_tracker" "x" {
  name         = "x"
  mlflow_local = { path = "./mlruns", experiment_name = local.none, settings = { tags = local.none } }
}
resource "mlstacks_data_validator" "x" {
  name               = "x"
  great_expectations = { path = "./gx", settings = { context_config = local.none } }
}`)
	appliesAndGoes(t, cli)
}
