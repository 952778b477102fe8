//go:build unix

package provider_test

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"time"
)

func TestRegistration_ConvergesAfterBeingKilled(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-killed", withSecrets(trackedStack("one", "")))

	// The stack is registered, and the answer never arrives: the run is killed before it is recorded.
	reached := make(chan struct{}, 8)

	s.proxy.Fail(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/api/v1/stacks" {
			return false
		}

		reached <- struct{}{}

		return false
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

	succeeds(t, s.cli, "apply", "-auto-approve", "-lock=false")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	succeeds(t, s.cli, "destroy", "-auto-approve")
	s.leavesNothing(t)
}
