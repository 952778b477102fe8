package provider_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A secret of somebody else is used as it is, and a reference to a key that it lacks would fail only when a pipeline runs.
func TestRegistration_RefusesAKeyThatASecretLacks(t *testing.T) {
	t.Parallel()

	s := newRegistrationScene(t, "reg-lacks", trackedStack("one"))
	theirs, err := s.client.CreateSecret(t.Context(), s.name, map[string]string{"token": hidden, "user": "team"})
	must(t, err)

	s.fails(t, []string{
		"Cannot create registration", `keys that the secret "reg-lacks" on the server lacks: api_key; it has token, user`, "zenml secret update reg-lacks --api_key=",
	}, "apply", "-auto-approve")

	if found, err := s.client.ComponentsByName(t.Context(), []string{s.name}); err != nil || len(found) > 0 {
		t.Errorf("something is registered all the same (%v): %v", err, found)
	}

	// Where the server tells nobody what the secret has, nobody can object.
	for what, answer := range map[string]struct {
		status int
		text   string
	}{
		"it refuses":       {http.StatusForbidden, `{"detail": ["PermissionError", "no"]}`},
		"it hides values":  {http.StatusOK, `{"id": %q, "name": "reg-lacks", "body": {"values": {"token": null, "user": null}}}`},
		"it has just gone": {http.StatusNotFound, `{"detail": ["KeyError", "no secret"]}`},
	} {
		t.Log(what)
		s.proxy.Fail(func(w http.ResponseWriter, r *http.Request) bool {
			if r.Method != http.MethodGet || r.URL.Path != "/api/v1/secrets/"+theirs.ID {
				return false
			}

			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(answer.status)
			_, _ = io.WriteString(w, strings.Replace(answer.text, "%q", fmt.Sprintf("%q", theirs.ID), 1))

			return true
		})
		succeeds(t, s.cli, "apply", "-auto-approve")
		s.stack(t, s.name)
		succeeds(t, s.cli, "destroy", "-auto-approve")
	}

	s.proxy.Fail(nil)

	_, err = s.client.UpdateSecret(t.Context(), theirs.ID, map[string]string{"api_key": hidden})
	must(t, err)
	succeeds(t, s.cli, "apply", "-auto-approve")
	succeeds(t, s.cli, "plan", "-detailed-exitcode")
	s.keepsSecret(t, s.server.APIKey, hidden)
	succeeds(t, s.cli, "destroy", "-auto-approve")
	must(t, s.client.DeleteSecret(t.Context(), theirs.ID))
	s.leavesNothing(t)
}
