//go:build unix

package provider_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestRegistration_ConvergesAfterBeingKilled(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-killed", withSecrets(trackedStack("one")))

	// The stack is registered, and the answer never arrives: the run is killed before it is recorded.
	reached := make(chan struct{}, 8)

	s.proxy.Fail(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/api/v1/stacks" {
			return false
		}

		if s.done(r) {
			reached <- struct{}{}
		}

		<-r.Context().Done() // nobody gets an answer

		return true
	})

	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()

	command := s.cli.Command(ctx, "apply", "-auto-approve", "-lock=false")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the provider is to be hit too
	must(t, command.Start())

	select {
	case <-reached:
	case <-ctx.Done():
		t.Fatal("the stack was never registered")
	}

	must(t, syscall.Kill(-command.Process.Pid, syscall.SIGKILL))

	_ = command.Wait()

	s.proxy.Fail(nil)

	if _, ok, err := s.client.StackByName(t.Context(), s.name); err != nil || !ok {
		t.Fatalf("the server has no stack %q before the second apply (%v)", s.name, err)
	}

	succeeds(t, s.cli, "apply", "-auto-approve", "-lock=false")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}

// done sends a request to the server, whatever becomes of who asked, and says whether it succeeded.
func (s registrationScene) done(r *http.Request) bool {
	request := r.Clone(context.WithoutCancel(r.Context()))
	request.RequestURI = ""
	request.Host = ""

	to, err := url.Parse(s.server.URL)
	if err != nil {
		return false
	}

	request.URL.Scheme, request.URL.Host = to.Scheme, to.Host

	answer, err := http.DefaultClient.Do(request) //nolint:gosec // the test's own server
	if err != nil {
		return false
	}
	defer answer.Body.Close() //nolint:errcheck // only read

	_, err = io.Copy(io.Discard, answer.Body)

	return err == nil && answer.StatusCode == http.StatusOK
}

// An answer that is lost on its way is asked for again, with the same key, and nothing is there twice.
func TestRegistration_FindsItsOwnWhereAnAnswerWasLost(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-lost", localStack)
	lost := map[string]bool{}

	var mu sync.Mutex

	s.proxy.Fail(func(_ http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()

		path := strings.TrimPrefix(r.URL.Path, "/api/v1/")
		if r.Method != http.MethodPost || path == "login" || lost[path] {
			return false
		}

		if lost[path] = s.done(r); !lost[path] {
			t.Errorf("POST %s is refused", path)
		}

		panic(http.ErrAbortHandler) // the connection ends without an answer
	})

	succeeds(t, s.cli, "apply", "-auto-approve")

	s.proxy.Fail(nil)

	for _, path := range []string{"components", "stacks"} {
		if !lost[path] {
			t.Errorf("no answer to POST %s was lost: %v", path, lost)
		}
	}

	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}
