package aws

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Variable names the environment variable that holds moto's command; `make test` sets it.
const Variable = "MLSTACKS_TEST_MOTO"

// startTimeout bounds the wait for moto, which takes about two seconds. It is generous, for machines that do much else.
const startTimeout = time.Minute

//go:embed server.py
var serverScript string

// server is the one moto of a process, and what all doubles in front of it share.
type server struct {
	address string
	// stdin is what moto waits for the end of: it closes when this process ends, however it ends.
	stdin  io.WriteCloser
	client *http.Client

	mu       sync.Mutex
	accounts int
	// buckets are those of all accounts: their names are unique among them, as on AWS.
	buckets map[string]*bucket
}

// shared starts moto when it is first wanted, and answers the same ever after.
var shared = sync.OnceValues(startServer)

// motoPython is the interpreter of the environment that moto's command is in.
func motoPython() (string, error) {
	moto := os.Getenv(Variable)
	if moto == "" {
		return "", errNoMoto
	}

	for _, name := range []string{"python", "python3", "python.exe"} {
		if file := filepath.Join(filepath.Dir(moto), name); isFile(file) {
			return file, nil
		}
	}

	return "", fmt.Errorf("%s: no python is beside it: is it of a virtual environment?", moto)
}

// errNoMoto is why tests are skipped.
var errNoMoto = errors.New("this test talks to moto, and " + Variable + " does not name a moto_server; `make test` sets one up")

func isFile(name string) bool {
	info, err := os.Stat(name)

	return err == nil && !info.IsDir()
}

func startServer() (*server, error) {
	python, err := motoPython()
	if err != nil {
		return nil, err
	}

	// Not tied to a test: moto lasts as long as this process, whose end closes its standard input.
	process := exec.CommandContext(context.Background(), python, "-c", serverScript)
	process.Env = environment()

	// A file, and not a pipe, takes the output: go test waits for pipes.
	log, err := os.CreateTemp("", "moto-*.log")
	if err != nil {
		return nil, fmt.Errorf("start moto: %w", err)
	}

	defer os.Remove(log.Name()) //nolint:errcheck // where open files cannot be removed it stays, and is empty
	defer log.Close()           //nolint:errcheck // moto has a copy, nothing was written here

	process.Stderr = log

	stdin, err := process.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start moto: %w", err)
	}

	stdout, err := process.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start moto: %w", err)
	}

	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("start moto: %w", err)
	}

	address, err := readAddress(stdout)
	if err != nil {
		_ = process.Process.Kill() // it is of no use
		_ = process.Wait()         // it was killed, as the error would say
		text, _ := os.ReadFile(log.Name())

		return nil, fmt.Errorf("start moto: %w\n%s", err, text)
	}

	go func() { _ = process.Wait() }() // so that no zombie is left; whoever calls it next learns that it ended

	return &server{
		address: address,
		stdin:   stdin,
		buckets: map[string]*bucket{},
		client: &http.Client{
			Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// environment is that of this process, without what would make one moto differ from another.
func environment() []string {
	all := slices.DeleteFunc(os.Environ(), func(pair string) bool {
		return strings.HasPrefix(pair, "MOTO_") || strings.HasPrefix(pair, "AWS_") || strings.HasPrefix(pair, "PYTHON")
	})

	return append(all, "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
}

// readAddress waits for the line that says on which port moto listens.
func readAddress(stdout io.Reader) (string, error) {
	line := make(chan string, 1)

	go func() {
		text, _ := bufio.NewReader(stdout).ReadString('\n') // a process that ended gives no line
		line <- strings.TrimSpace(text)
	}()

	select {
	case port := <-line:
		if port == "" {
			return "", errors.New("it ended")
		}

		return "127.0.0.1:" + port, nil
	case <-time.After(startTimeout):
		return "", fmt.Errorf("it did not listen within %s", startTimeout)
	}
}

// account returns an account number that nobody has.
func (s *server) account() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	s.accounts++

	return fmt.Sprintf("%012d", 210_000_000_000+s.accounts)
}
