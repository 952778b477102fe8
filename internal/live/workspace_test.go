package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/acctest"
)

// patience is how long one command of the CLI may take. The operations of a configuration have shorter limits of their own.
const patience = 4 * time.Minute

// workspace is a directory with a configuration and everything that the CLI writes about it: state, plans, what it printed,
// and a log with all there is to be logged. When the test ends all of it is searched for secrets.
type workspace struct {
	*acctest.CLI

	t *testing.T
	// cluster is the one of k3d whose secrets are looked for.
	cluster string
	// dead lets the provider find no container engine.
	dead bool

	secrets secrets
	head    string
	plans   int
}

// open makes a workspace for a configuration of a cluster, and destroys what is left of it when the test ends.
func open(t *testing.T, cluster, configuration string) *workspace {
	t.Helper()

	w := &workspace{CLI: acctest.NewCLI(t, ""), t: t, cluster: cluster, secrets: secrets{}}
	w.head = w.read("main.tf")
	w.write(configuration)

	w.Prepare = func(command *exec.Cmd) {
		command.Env = append(slices.Clone(command.Env), "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(w.Dir, "trace.log"))

		for _, name := range []string{"DOCKER_HOST", "DOCKER_CONTEXT", "K3D_HELPER_IMAGE_TAG"} {
			if value, ok := os.LookupEnv(name); ok {
				command.Env = append(command.Env, name+"="+value)
			}
		}

		if w.dead {
			command.Env = append(command.Env, "DOCKER_HOST=unix://"+filepath.Join(w.Dir, "no-engine.sock"))
		}
	}

	t.Cleanup(w.tellsNoSecret)
	t.Cleanup(func() {
		if strings.Contains(w.state(), `"mode": "managed"`) {
			if output, err := w.within(context.Background(), "destroy", "-auto-approve"); err != nil {
				t.Errorf("destroy what is left: %v\n%s", err, output)
			}
		}
	})

	return w
}

func (w *workspace) read(file string) string {
	w.t.Helper()

	text, err := os.ReadFile(filepath.Join(w.Dir, file))
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}

	return string(text)
}

func (w *workspace) state() string { return w.read("terraform.tfstate") }

// write replaces the configuration.
func (w *workspace) write(configuration string) {
	w.t.Helper()
	must(w.t, os.WriteFile(filepath.Join(w.Dir, "main.tf"), []byte(w.head+configuration), 0o644))
}

func (w *workspace) within(ctx context.Context, arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()

	began := time.Now()
	output, err := w.Command(ctx, arguments...).CombinedOutput()

	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}

	w.t.Logf("terraform %s: %.1f s", arguments[0], time.Since(began).Seconds())
	w.keep("said.log", output)
	w.keep("states.log", []byte(w.state()))
	w.learn()

	return string(output), err
}

// keep remembers for the search what would be overwritten.
func (w *workspace) keep(file string, text []byte) {
	if f, err := os.OpenFile(filepath.Join(w.Dir, file), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		_, _ = f.Write(text)
		_ = f.Close()
	}
}

// does runs a command that has to succeed.
func (w *workspace) does(arguments ...string) string {
	w.t.Helper()

	output, err := w.within(w.t.Context(), arguments...)
	if err != nil {
		w.t.Fatalf("terraform %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}

	return output
}

func (w *workspace) apply()   { w.t.Helper(); w.does("apply", "-auto-approve") }
func (w *workspace) destroy() { w.t.Helper(); w.does("destroy", "-auto-approve") }

// fails runs a command that has to fail, and to say each of the texts in this order.
func (w *workspace) fails(command []string, texts ...string) string {
	w.t.Helper()

	output, err := w.within(w.t.Context(), command...)
	if err == nil || !acctest.SaysAll(texts...).MatchString(output) {
		w.t.Fatalf("terraform %s: %v, and it should fail with %q\n%s", strings.Join(command, " "), err, texts, output)
	}

	if strings.Contains(output, "context deadline exceeded") {
		w.t.Errorf("it says %q:\n%s", "context deadline exceeded", output)
	}

	return output
}

// settled plans that there is nothing to do.
func (w *workspace) settled() {
	w.t.Helper()

	if output, err := w.within(w.t.Context(), "plan", "-detailed-exitcode"); err != nil {
		w.t.Fatalf("there is something left to do, or more: %v\n%s", err, output)
	}
}

// plan is what Terraform says of a plan in JSON.
type plan struct {
	Changes []struct {
		Address string `json:"address"`
		Change  struct {
			Actions []string       `json:"actions"`
			Before  map[string]any `json:"before"`
			After   map[string]any `json:"after"`
		} `json:"change"`
	} `json:"resource_changes"`

	text string
}

func (w *workspace) plan() plan {
	w.t.Helper()

	w.plans++
	file := fmt.Sprintf("%d.plan", w.plans)

	p := plan{text: w.does("plan", "-out="+file)}
	shown := w.does("show", "-json", file)
	must(w.t, json.Unmarshal([]byte(shown), &p))

	return p
}

// of is what happens to a resource, such as "create" or "delete create".
func (p plan) of(address string) string {
	for _, change := range p.Changes {
		if change.Address == address {
			return strings.ReplaceAll(strings.Join(change.Change.Actions, " "), "no-op", "nothing")
		}
	}

	return "nothing"
}

// drift is what a resource is said to differ in.
func (p plan) drift(address string) string {
	for _, change := range p.Changes {
		if lines, ok := change.Change.Before["drift"].([]any); ok && change.Address == address {
			return fmt.Sprint(lines...)
		}
	}

	return ""
}

// before is an attribute of a resource as it was found.
func (p plan) before(address, attribute string) map[string]any {
	for _, change := range p.Changes {
		if value, ok := change.Change.Before[attribute].(map[string]any); ok && change.Address == address {
			return value
		}
	}

	return nil
}

// will checks what happens to each resource.
func (w *workspace) will(p plan, wanted map[string]string) {
	w.t.Helper()

	for address, action := range wanted {
		if p.of(address) != action {
			w.t.Errorf("%s: %s; it should be: %s\n%s", address, p.of(address), action, p.text)
		}
	}
}

// files are all that the CLI and the provider have written.
func (w *workspace) files() []string {
	var files []string

	must(w.t, filepath.WalkDir(w.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}

		return err
	}))

	return files
}

func must(t *testing.T, err error) {
	t.Helper()

	if err != nil {
		t.Fatal(err)
	}
}
