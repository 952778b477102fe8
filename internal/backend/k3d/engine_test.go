package k3d_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend"
	"github.com/mlstacks/terraform-provider-mlstacks/internal/backend/k3d"
)

func TestEngine_ThatDoesNotAnswerIsNotAClusterThatIsGone(t *testing.T) {
	dead := "unix://" + filepath.Join(t.TempDir(), "dead.sock")

	for name, environment := range map[string]string{"DOCKER_HOST": dead, "DOCKER_CONTEXT": "no-such-context"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", "")
			t.Setenv(name, environment)

			for call, err := range map[string]error{
				"Create":  second(k3d.Create(t.Context(), k3d.Spec{Name: "hk-none", Servers: 1})),
				"Inspect": second(k3d.Inspect(t.Context(), "hk-none")),
				"Update":  second(k3d.Update(t.Context(), k3d.Spec{}, k3d.Spec{Name: "hk-none", Servers: 1})),
				"Start":   k3d.Start(t.Context(), "hk-none"),
				"Delete":  k3d.Delete(t.Context(), "hk-none"),
				"REST":    second(k3d.RESTConfig(t.Context(), "hk-none")),
			} {
				if !errors.Is(err, backend.ErrUnreachable) || errors.Is(err, backend.ErrNotFound) {
					t.Errorf("%s says %v", call, err)
				}

				if err != nil && !strings.Contains(err.Error(), name) {
					t.Errorf("%s does not say what %s has to do with it: %v", call, name, err)
				}
			}
		})
	}
}

func TestCreate_RefusesWithoutAskingTheEngine(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	if _, err := k3d.Create(ctx, k3d.Spec{Name: "No", Servers: 1}); err == nil || !strings.Contains(err.Error(), `"No"`) {
		t.Errorf("says %v", err)
	}
}

func second[T any](_ T, err error) error { return err }
