// Package zenml runs the real ZenML for tests: it imports and exports stacks with ZenML's own commands and runs a
// pipeline on them. It knows nothing of Terraform.
package zenml

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Variable names the environment variable that holds the Python interpreter of an environment with ZenML and MLflow.
const Variable = "MLSTACKS_TEST_ZENML_PYTHON"

// requestTimeout bounds one command or run. It is generous, for machines that do much else at the same time.
const requestTimeout = 5 * time.Minute

// Home is a ZenML with a database, configuration and home directory of its own, all of them temporary. Its methods may
// be called from several goroutines and parallel subtests; they wait for each other.
type Home struct {
	dir    string
	worker *worker

	mu       sync.Mutex
	requests int
}

// New returns an empty ZenML that lasts as long as the test. It starts one Python process in the background, so call
// it before other slow preparations; the process and all it started are ended with the test. Without an interpreter in
// Variable the test is skipped.
func New(t *testing.T) *Home {
	t.Helper()
	return newHome(t)
}

// newHome makes a home whose ZenML sees more variables than it usually does.
func newHome(t *testing.T, more ...string) *Home {
	t.Helper()
	python, err := interpreter()
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	h := &Home{dir: t.TempDir()}
	for _, name := range []string{"home", "log", "tmp", "work"} {
		if err := os.Mkdir(h.path(name), 0o755); err != nil {
			t.Fatalf("make a home for zenml: %v", err)
		}
	}
	if err := writeScripts(h.dir); err != nil {
		t.Fatalf("make a home for zenml: %v", err)
	}
	if h.worker, err = startWorker(t.Context(), python, h.dir, append(h.environment(), more...)); err != nil {
		t.Fatalf("start zenml: %v", err)
	}
	t.Cleanup(h.worker.stop)
	return h
}

// interpreter returns the Python to use, or an error that says how to get one.
func interpreter() (string, error) {
	python := os.Getenv(Variable)
	if python == "" {
		return "", fmt.Errorf("this test runs the real ZenML, and %s does not name a Python that has it; `make test` "+
			"sets one up", Variable)
	}
	return python, nil
}

// environment is all that ZenML sees of the world: nothing of the environment of the tests but the search path, so
// that no credentials and no settings of the person who runs them leak in.
func (h *Home) environment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + h.path("home"),
		"TMPDIR=" + h.path("tmp"),
		"ZENML_CONFIG_PATH=" + h.path("config"),
		"ZENML_LOCAL_STORES_PATH=" + h.path("stores"),
		"ZENML_ANALYTICS_OPT_IN=false",
		"MLFLOW_DISABLE_TELEMETRY=true",
		"DO_NOT_TRACK=true",
		"GIT_PYTHON_REFRESH=quiet", // MLflow looks for git; it may be missing
		// Output for a log: no colors, no boxes, lines not broken at column 80.
		"ZENML_LOGGING_COLORS_DISABLED=true",
		"ZENML_ENABLE_RICH_TRACEBACK=false",
		"NO_COLOR=1",
		"TERM=dumb",
		"COLUMNS=200",
		"LANG=C.UTF-8",
		"PYTHONUTF8=1",
		// Forking on macOS is refused otherwise, once certain system libraries are loaded.
		"OBJC_DISABLE_INITIALIZE_FORK_SAFETY=YES",
	}
}

// Import gives the text of an exported stack to `zenml stack import`, which takes the stack's name from the text. The
// test fails with the end of ZenML's output when the command does, as it does when it has a question to ask: about a
// name that is taken, for one.
func (h *Home) Import(t *testing.T, yaml []byte) {
	t.Helper()
	if err := h.importStack(yaml); err != nil {
		t.Fatal(err)
	}
}

func (h *Home) importStack(yaml []byte) error {
	work, err := h.workDirectory()
	if err != nil {
		return err
	}
	file := filepath.Join(work, "stack.yaml") // the command takes no other ending
	if err := os.WriteFile(file, yaml, 0o600); err != nil {
		return fmt.Errorf("import a stack: %w", err)
	}
	if _, err := h.command(work, "stack", "import", "--", file); err != nil {
		return fmt.Errorf("import a stack: %w", err)
	}
	return nil
}

// Export returns what `zenml stack export` writes for the stack of this name. The test fails with the end of ZenML's
// output when the command does.
func (h *Home) Export(t *testing.T, name string) []byte {
	t.Helper()
	work, err := h.workDirectory()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(work, "stack.yaml")
	if _, err := h.command(work, "stack", "export", "--", name, file); err != nil {
		t.Fatalf("export stack %q: %v", name, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("export stack %q: %v", name, err)
	}
	return text
}

// command runs the zenml command in a directory. Its error ends with the end of the command's output.
func (h *Home) command(directory string, arguments ...string) (log string, err error) {
	return h.do(request{Program: "zenml", Arguments: arguments, Directory: directory})
}

// anywhere runs the zenml command in a directory of its own.
func (h *Home) anywhere(arguments ...string) (log string, err error) {
	work, err := h.workDirectory()
	if err != nil {
		return "", err
	}
	return h.command(work, arguments...)
}

// do completes a request, has the worker answer it, and returns the file with the output.
func (h *Home) do(r request) (log string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests++
	r.Log = filepath.Join(h.path("log"), strconv.Itoa(h.requests)+".log")
	r.Seconds = int(requestTimeout.Seconds())
	if r.Environment == nil {
		r.Environment = map[string]string{}
	}
	return r.Log, h.worker.do(r)
}

// workDirectory makes a directory of its own for one request, apart from anything a stack may name.
func (h *Home) workDirectory() (string, error) {
	directory, err := os.MkdirTemp(h.path("work"), "")
	if err != nil {
		return "", fmt.Errorf("make a working directory: %w", err)
	}
	return directory, nil
}

func (h *Home) path(name string) string {
	return filepath.Join(h.dir, name)
}

// tail returns the last lines of a log.
func tail(file string) string {
	const lines = 60
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Sprintf("(no output: %v)", err)
	}
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(all) > lines {
		all = append([]string{fmt.Sprintf("... (%d lines before)", len(all)-lines)}, all[len(all)-lines:]...)
	}
	return strings.Join(all, "\n")
}

// Secret makes ZenML hold a secret. The test fails with the end of ZenML's output when the command does.
func (h *Home) Secret(t *testing.T, name string, values map[string]string) {
	t.Helper()

	arguments := []string{"secret", "create", name}
	for key, value := range values {
		arguments = append(arguments, "--"+key+"="+value)
	}

	if _, err := h.anywhere(arguments...); err != nil {
		t.Fatalf("create secret %q: %v", name, err)
	}
}

// Says runs the zenml command and returns what it printed. The test fails when the command does.
func (h *Home) Says(t *testing.T, arguments ...string) string {
	t.Helper()

	log, err := h.anywhere(arguments...)
	if err != nil {
		t.Fatalf("zenml %v: %v", arguments, err)
	}

	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}
