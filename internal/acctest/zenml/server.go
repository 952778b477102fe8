package zenml

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

//go:embed server.py
var serverScript []byte

// serverStart bounds how long a server may take to be ready, on machines that do much else.
const serverStart = 5 * time.Minute

// Server is a real ZenML server, one for all tests of a binary: objects of tests have names of their own. It ends with the
// binary.
type Server struct {
	// URL is its address.
	URL string
	// Username and Password are those of the administrator.
	Username, Password string
	// APIKey is that of a service account, which may do everything.
	APIKey string
}

var running = sync.OnceValues(startServer)

// errNoServer says that the Python that is there cannot serve.
var errNoServer = errors.New("the Python in " + Variable + " has no ZenML server")

// NewServer returns the server, which the first test to ask for it starts. Without an interpreter in Variable, or where that
// lacks what a server needs, the test is skipped.
func NewServer(t *testing.T) *Server {
	t.Helper()

	if _, err := interpreter(); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}

	s, err := running()
	if errors.Is(err, errNoServer) {
		t.Skipf("SKIPPED: %v; scripts/requirements-zenml.txt lists what it needs", err)
	}

	if err != nil {
		t.Fatalf("start a ZenML server: %v", err)
	}

	return s
}

// StartServer starts a server for a program that is no test. It ends with the program.
func StartServer() (*Server, error) { return startServer() }

func startServer() (*Server, error) {
	python, err := interpreter()
	if err != nil {
		return nil, err
	}

	dir, err := os.MkdirTemp("", "mlstacks-zenml-server-")
	if err != nil {
		return nil, fmt.Errorf("make a directory: %w", err)
	}

	script := filepath.Join(dir, "server.py")
	if err := os.WriteFile(script, serverScript, 0o600); err != nil {
		return nil, fmt.Errorf("write the script: %w", err)
	}

	s := &Server{Username: "admin", Password: "Admin-of-tests-1"}
	command := exec.CommandContext(context.Background(), python, script, dir)
	command.Dir, command.Env = dir, s.environment(dir)

	port, err := launch(command, filepath.Join(dir, "server.log"))
	if err != nil {
		return nil, err
	}

	s.URL = "http://127.0.0.1:" + port

	if err := s.ready(command); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, tail(filepath.Join(dir, "server.log")))
	}

	err = s.makeKey()

	return s, err
}

func (s *Server) environment(dir string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8", "PYTHONUTF8=1", "GIT_PYTHON_REFRESH=quiet",
		"ZENML_CONFIG_PATH=" + filepath.Join(dir, "config"), "ZENML_ANALYTICS_OPT_IN=false", "DO_NOT_TRACK=true",
		"ZENML_SERVER=true", "ZENML_SERVER_AUTO_ACTIVATE=True", "ZENML_SERVER_DEPLOYMENT_TYPE=other",
		"ZENML_DEFAULT_USER_NAME=" + s.Username, "ZENML_DEFAULT_USER_PASSWORD=" + s.Password,
		"ZENML_SERVER_JWT_SECRET_KEY=" + strings.Repeat("0123456789abcdef", 2),
		"ZENML_LOGGING_COLORS_DISABLED=true", "ZENML_LOGGING_VERBOSITY=WARN", "NO_COLOR=1", "TERM=dumb",
	}
}

// launch starts the server and returns the port that it says it listens on. Its standard input stays open as long as this
// process lives.
func launch(command *exec.Cmd, logFile string) (port string, err error) {
	log, err := os.Create(logFile)
	if err != nil {
		return "", fmt.Errorf("open the log: %w", err)
	}

	command.Stderr = log
	ownGroup(command)

	stdin, err := command.StdinPipe()
	if err != nil {
		return "", fmt.Errorf("open standard input: %w", err)
	}

	kept = append(kept, stdin)

	stdout, err := command.StdoutPipe()
	if err != nil {
		return "", fmt.Errorf("open standard output: %w", err)
	}

	if err := command.Start(); err != nil {
		return "", fmt.Errorf("start %s: %w", command.Path, err)
	}

	lines := bufio.NewReader(stdout)

	line, err := lines.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the server ended: %w\n%s", err, tail(logFile))
	}

	if missing, ok := strings.CutPrefix(strings.TrimSpace(line), "missing "); ok {
		_ = command.Wait()

		return "", fmt.Errorf("%w: it lacks %s", errNoServer, missing)
	}

	go func() { _, _ = io.Copy(io.Discard, lines) }()

	return strings.TrimSpace(line), nil
}

// kept are the standard inputs of servers: one that nobody holds is closed, and ends its server.
var kept []io.Closer

func (s *Server) ready(command *exec.Cmd) error {
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()

	client := http.Client{Timeout: 10 * time.Second}
	deadline := time.Now().Add(serverStart)

	for time.Now().Before(deadline) {
		answer, err := client.Get(s.URL + "/ready") //nolint:noctx // bounded by the client
		if err == nil {
			_ = answer.Body.Close()

			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}

		select {
		case err := <-ended:
			return fmt.Errorf("the server ended: %w", err)
		case <-time.After(200 * time.Millisecond):
		}
	}

	return fmt.Errorf("the server was not ready after %s", serverStart)
}

// makeKey makes a service account with a key.
func (s *Server) makeKey() error {
	form := url.Values{"username": {s.Username}, "password": {s.Password}}

	var login struct {
		Token string `json:"access_token"`
	}

	if err := s.post("login", "", "application/x-www-form-urlencoded", []byte(form.Encode()), &login); err != nil {
		return err
	}

	var account struct {
		ID string `json:"id"`
	}

	if err := s.post("service_accounts", login.Token, "application/json", []byte(`{"name": "terraform", "active": true}`), &account); err != nil {
		return err
	}

	var key struct {
		Body struct {
			Key string `json:"key"`
		} `json:"body"`
	}

	err := s.post("service_accounts/"+account.ID+"/api_keys", login.Token, "application/json", []byte(`{"name": "tests"}`), &key)
	s.APIKey = key.Body.Key

	return err
}

func (s *Server) post(path, token, kind string, body []byte, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/api/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask for %s: %w", path, err)
	}

	request.Header.Set("Content-Type", kind)

	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}

	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", path, err)
	}

	defer func() { _ = answer.Body.Close() }()

	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(answer.Body)

		return fmt.Errorf("%s answers %d: %s", path, answer.StatusCode, said)
	}

	return json.NewDecoder(answer.Body).Decode(result)
}

// Client returns a ZenML whose client talks to the server as the service account, for as long as the test lasts.
func (s *Server) Client(t *testing.T) *Home {
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

	environment := append(h.environment(), "ZENML_STORE_URL="+s.URL, "ZENML_STORE_API_KEY="+s.APIKey)
	if h.worker, err = startWorker(t.Context(), python, h.dir, environment); err != nil {
		t.Fatalf("start zenml: %v", err)
	}

	t.Cleanup(h.worker.stop)

	return h
}

// Says runs the zenml command and returns what it printed. The test fails when the command does.
func (h *Home) Says(t *testing.T, arguments ...string) string {
	t.Helper()

	work, err := h.workDirectory()
	if err == nil {
		err = h.command(work, arguments...)
	}

	if err != nil {
		t.Fatalf("zenml %v: %v", arguments, err)
	}

	h.mu.Lock()
	defer h.mu.Unlock()

	text, err := os.ReadFile(filepath.Join(h.path("log"), fmt.Sprint(h.requests)+".log"))
	if err != nil {
		t.Fatal(err)
	}

	return string(text)
}
