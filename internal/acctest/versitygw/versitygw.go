// Package versitygw runs versitygw for tests: a real server that speaks the language of S3 and is not Amazon's.
package versitygw

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Variable names the environment variable that holds the program; `make test` sets it.
const Variable = "MLSTACKS_TEST_VERSITYGW"

// Server is one that lasts as long as its test.
type Server struct {
	// Endpoint is its address, AccessKey and SecretKey are its owner's.
	Endpoint, AccessKey, SecretKey string
}

// Start starts a server on directories of the test's own. The test is skipped where Variable is not set.
func Start(tb testing.TB) Server {
	tb.Helper()

	program := os.Getenv(Variable)
	if program == "" {
		tb.Skipf("SKIPPED: this test talks to versitygw, and %s does not name the program; `make test` builds it", Variable)
	}

	server := Server{AccessKey: "tests", SecretKey: "tests-of-mlstacks"}
	dir := tb.TempDir()

	for _, name := range []string{"objects", "versions"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o750); err != nil {
			tb.Fatal(err)
		}
	}

	for range 3 { // somebody else may take the port in between
		address := free(tb)
		server.Endpoint = "http://" + address

		command := exec.CommandContext(tb.Context(), program, "--port", address, "posix",
			"--versioning-dir", filepath.Join(dir, "versions"), filepath.Join(dir, "objects"))
		command.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+server.AccessKey, "ROOT_SECRET_KEY="+server.SecretKey)

		if err := command.Start(); err != nil {
			tb.Fatal(err)
		}

		ended := make(chan struct{})

		go func() {
			_ = command.Wait() // it is killed with the test's context

			close(ended)
		}()

		if answers(tb.Context(), server.Endpoint, ended) {
			return server
		}
	}

	tb.Fatal("versitygw does not start")

	return server
}

func free(tb testing.TB) string {
	tb.Helper()

	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}

	address := listener.Addr().String()

	if err := listener.Close(); err != nil {
		tb.Fatal(err)
	}

	return address
}

// answers waits until the server does, or has ended.
func answers(ctx context.Context, endpoint string, ended <-chan struct{}) bool {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		if err := ask(ctx, endpoint); err == nil {
			return true
		}

		select {
		case <-ended:
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}

	return false
}

func ask(ctx context.Context, endpoint string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint, nil)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask: %w", err)
	}

	return response.Body.Close() //nolint:wrapcheck // any answer is one
}
