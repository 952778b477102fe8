package zenml

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

//go:embed server.py
var serverScript []byte

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

// Client returns a ZenML whose client talks to the server as the service account, for as long as the test lasts.
func (s *Server) Client(t *testing.T) *Home {
	t.Helper()

	return newHome(t, "ZENML_STORE_URL="+s.URL, "ZENML_STORE_API_KEY="+s.APIKey)
}
