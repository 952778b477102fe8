package zenml

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// serverStart bounds how long a server may take to be ready, on machines that do much else.
const serverStart = 5 * time.Minute

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
