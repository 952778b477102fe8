package live_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest/aws"
)

// The resources of the example aws-sagemaker.
const (
	bucketAddress     = "mlstacks_artifact_store.main"
	repositoryAddress = "mlstacks_container_registry.main"
	pipelinesAddress  = "mlstacks_orchestrator.main"
	trainingAddress   = "mlstacks_step_operator.main"
	buildsAddress     = "mlstacks_image_builder.main"
	vaultAddress      = "mlstacks_secrets_manager.main"
	awsStackAddress   = "mlstacks_stack.main"
)

// account is a workspace whose environment is a login to a double of AWS.
type account struct {
	*workspace

	double *aws.Double
	// Environment are variables beside, or in the place of, those of the login.
	environment []string
}

// inAWS makes a workspace with a login to an account of its own. Where the configuration says BUCKET, it means a name that is
// nobody else's.
func inAWS(t *testing.T, configuration string) *account {
	t.Helper()

	double := aws.Start(t)
	a := &account{double: double}
	a.workspace = open(t, "", a.named(configuration))
	a.secrets.add("secret key of the login", double.Login().SecretKey)

	prepare := a.Prepare
	a.Prepare = func(command *exec.Cmd) {
		prepare(command)

		command.Env = append(append(command.Env, double.Env()...), a.environment...)
	}

	return a
}

func (a *account) named(configuration string) string {
	return strings.ReplaceAll(configuration, "BUCKET", "mlstacks-"+a.double.Account)
}

func (a *account) bucket() string { return a.named("BUCKET") }

// nobody leaves the login out, as on a machine where nobody has logged in; the region stays.
func (a *account) nobody() {
	a.environment = []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY="}
}

// calls are those since the last time, without the one that asks whose login it is.
func (a *account) calls() []string {
	var all []string

	for _, call := range a.double.Calls() {
		if call.Operation != "sts:GetCallerIdentity" {
			all = append(all, call.Operation)
		}
	}

	a.double.Reset()

	return all
}

// leavesNothing destroys, and looks.
func (a *account) leavesNothing() {
	a.t.Helper()
	a.destroy()

	if left := a.double.Left(a.t, aws.Region); len(left) > 0 {
		a.t.Errorf("destroy has left %q", left)
	}
}

// awsExample is an example without what NewCLI writes itself. Its bucket has another name, and what replace says is replaced.
func awsExample(t *testing.T, name string, replace ...string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "stacks", name, "main.tf"))
	must(t, err)

	file, diags := hclwrite.ParseConfig(text, "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}

	for _, block := range file.Body().Blocks() {
		if block.Type() == "terraform" {
			file.Body().RemoveBlock(block)
		}
	}

	config := string(file.Bytes())

	for pair := range slices.Chunk(replace, 2) {
		if len(pair) != 2 || !strings.Contains(config, pair[0]) {
			t.Fatalf("the example %s has no %q", name, pair[0])
		}

		config = strings.ReplaceAll(config, pair[0], pair[1])
	}

	return strings.ReplaceAll(config, "acme-ml-artifacts", "BUCKET")
}

// changed lists what a plan changes of resources that exist: address and dotted path, without what only follows from it. A
// line of drift is "address: line".
func (p plan) changed() []string {
	var all []string

	for _, change := range p.Changes {
		if slices.Equal(change.Change.Actions, []string{"no-op"}) || slices.Equal(change.Change.Actions, []string{"read"}) {
			continue
		}

		before := len(all)

		if lines, ok := change.Change.Before["drift"].([]any); ok {
			for _, line := range lines {
				text, _ := line.(string)
				all = append(all, change.Address+": "+text)
			}
		}

		for _, path := range differing("", change.Change.Before, change.Change.After) {
			if path != "drift" && !strings.HasPrefix(path, "zenml.") && !strings.HasPrefix(path, "outputs.") {
				all = append(all, change.Address+"."+path)
			}
		}

		if len(all) == before {
			all = append(all, change.Address)
		}
	}

	slices.Sort(all)

	return all
}

func differing(at string, before, after any) []string {
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
		all = append(all, differing(at+"."+name, old[name], next[name])...)
	}

	return all
}
